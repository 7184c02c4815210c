//! Who a record is meant for.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use crate::error::Problem;
use crate::id::{MemberId, OrganizationId, TeamId};
use crate::model::record::text_columns;

/// The audience a record is meant for. The default is the narrowest.
///
/// Written `public`, `community`, `organization:<id>`, `team:<id>` or `private`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Visibility {
    /// Everybody, also people outside the community.
    Public,
    /// Every live member of the community.
    Community,
    /// Members affiliated with this organization or one below it.
    Organization(OrganizationId),
    /// Members of this team.
    Team(TeamId),
    /// Its owner, and the community's facilitators and stewards unless it is sealed.
    #[default]
    Private,
}

impl Visibility {
    /// Compares width: `Greater` is wider. Organizations and different teams are not comparable.
    pub fn width(self, other: Self) -> Option<Ordering> {
        let rank = |v: Self| match v {
            Visibility::Private => 0,
            Visibility::Team(_) | Visibility::Organization(_) => 1,
            Visibility::Community => 2,
            Visibility::Public => 3,
        };
        match rank(self).cmp(&rank(other)) {
            Ordering::Equal if self != other => None,
            order => Some(order),
        }
    }

    /// Whether it is no wider than `maximum`.
    pub fn is_within(self, maximum: Self) -> bool {
        self.width(maximum).is_some_and(Ordering::is_le)
    }
}

impl fmt::Display for Visibility {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Visibility::Public => f.write_str("public"),
            Visibility::Community => f.write_str("community"),
            Visibility::Organization(id) => write!(f, "organization:{id}"),
            Visibility::Team(id) => write!(f, "team:{id}"),
            Visibility::Private => f.write_str("private"),
        }
    }
}

impl FromStr for Visibility {
    type Err = Problem;
    fn from_str(text: &str) -> Result<Self, Problem> {
        let bad = || {
            Problem::new("", "visibility.format", "write public, community, organization:<id>, team:<id> or private")
        };
        match text.split_once(':') {
            Some(("organization", id)) => id.parse().map(Visibility::Organization).map_err(|_| bad()),
            Some(("team", id)) => id.parse().map(Visibility::Team).map_err(|_| bad()),
            None if text == "public" => Ok(Visibility::Public),
            None if text == "community" => Ok(Visibility::Community),
            None if text == "private" => Ok(Visibility::Private),
            _ => Err(bad()),
        }
    }
}

/// Somebody a record is shared with by name, beside its visibility.
///
/// Written `member:<id>`, `team:<id>` or `organization:<id>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grantee {
    /// One member.
    Member(MemberId),
    /// The members of a team.
    Team(TeamId),
    /// Members affiliated with an organization or one below it.
    Organization(OrganizationId),
}

impl fmt::Display for Grantee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Grantee::Member(id) => write!(f, "member:{id}"),
            Grantee::Team(id) => write!(f, "team:{id}"),
            Grantee::Organization(id) => write!(f, "organization:{id}"),
        }
    }
}

impl FromStr for Grantee {
    type Err = Problem;
    fn from_str(text: &str) -> Result<Self, Problem> {
        let bad = || Problem::new("", "grant.format", "write member:<id>, team:<id> or organization:<id>");
        let (kind, id) = text.split_once(':').ok_or_else(bad)?;
        match kind {
            "member" => id.parse().map(Grantee::Member).map_err(|_| bad()),
            "team" => id.parse().map(Grantee::Team).map_err(|_| bad()),
            "organization" => id.parse().map(Grantee::Organization).map_err(|_| bad()),
            _ => Err(bad()),
        }
    }
}

macro_rules! serde_as_text {
    ($($ty:ty),*) => {$(
        impl serde::Serialize for $ty {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $ty {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                crate::model::record::parsed(d)
            }
        }
    )*};
}
serde_as_text!(Visibility, Grantee);
text_columns!(Visibility);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrowest_by_default_and_comparable_by_width() {
        let team = Visibility::Team(TeamId::new(uuid::Uuid::from_u128(1)));
        let other = Visibility::Team(TeamId::new(uuid::Uuid::from_u128(2)));
        assert_eq!(Visibility::default(), Visibility::Private);
        assert_eq!(Visibility::Public.width(team), Some(Ordering::Greater));
        assert_eq!(team.width(team), Some(Ordering::Equal));
        assert_eq!(team.width(other), None);
        assert_eq!(team.to_string().parse(), Ok(team));
        assert!("team:".parse::<Visibility>().is_err() && "public:x".parse::<Visibility>().is_err());
    }
}
