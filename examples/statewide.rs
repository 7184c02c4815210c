//! A statewide community, end to end: built on disk, then searched by an outsider, a teacher and a steward.
//!
//! ```sh
//! cargo run --release --example statewide
//! cargo run --release --example statewide -- --roster FILE.zip --standards FILE.json --resources FILE.jsonl
//! ```
//! Without files it takes the small community in `examples/data`. With files it imports those: `--roster` a
//! OneRoster bundle, `--directory` a California entity file, `--standards` a CASE package, `--resources` JSON
//! Lines; each may be given several times. `--out FILE` says where the community goes
//! (`target/statewide/math.cop` unless said), `--query TEXT` what is searched.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cop_core::interop::{ImportOptions, ImportReport};
use cop_core::{
    Community, CommunityRole, Error, Member, MemberFilter, NewCommunity, OnProgress, PageRequest, Problem, Result,
    Role, SearchHits, SearchQuery, Session,
};
use cop_examples::{CommunityFile, load_resources};

fn main() {
    if let Err(error) = run() {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

fn run() -> Result<()> {
    let wishes = Wishes::read(std::env::args().skip(1))?;
    let path = fresh(&wishes.out)?;
    let small = if wishes.files.is_empty() { Some(CommunityFile::read()?) } else { None };
    let founding = small.as_ref().map_or_else(|| NewCommunity::new("Imported community"), CommunityFile::founding);

    let cop = timed("found the community", || cop_search::create(&path, founding))?;
    match small {
        Some(small) => {
            let keys = timed("organizations, members, teams", || small.load(&cop))?;
            let standards = std::fs::read(cop_examples::data("standards.case.json"))?;
            println!("{}", timed("standards", || import(&cop, Format::Standards, &standards))?);
            let count = timed("resources", || load_resources(&cop, &keys))?;
            println!("  {count} resources");
        }
        None => {
            for (format, file) in &wishes.files {
                let bytes = std::fs::read(file)?;
                let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                println!("{}", timed(&name, || import(&cop, *format, &bytes))?);
                let again = timed("  the same again", || import(&cop, *format, &bytes))?;
                println!("  the same again: {} changes", again.changes());
            }
        }
    }
    let indexed = timed("index", || cop.catch_up())?;
    println!("  {indexed} resources indexed; {} changes in the log; {}\n", cop.head()?, path.display());

    let cop = {
        drop(cop);
        timed("open again", || cop_search::open(&path))?
    };
    let viewers = [
        ("an outsider", Some(cop.as_guest())),
        ("a teacher", someone(&cop, |member| works_as(member, &Role::Teacher))?),
        ("a steward", someone(&cop, |member| member.roles.contains(&CommunityRole::Steward))?.or(Some(cop.steward()))),
    ];
    for text in &wishes.queries {
        println!("\n“{text}”");
        for (who, session) in &viewers {
            match session {
                Some(session) => show(who, session, text)?,
                None => println!("  {who}: there is none"),
            }
        }
    }
    Ok(())
}

/// What one viewer sees: how many match, what about, and the best three with the passage that matched.
fn show(who: &str, session: &Session, text: &str) -> Result<()> {
    let started = Instant::now();
    let found = session.search(SearchQuery::new(text).with_limit(3))?;
    println!("  {who} finds {} ({}){}", found.total, millis(started.elapsed()), facets(&found));
    for hit in &found.hits {
        println!("    {:6.2}  [{}] {}", hit.score, hit.kind, hit.title);
        println!("            {}", marked(&hit.snippet.to_html()));
    }
    Ok(())
}

fn facets(found: &SearchHits) -> String {
    let mut line = String::new();
    for facet in ["kind", "grade", "language"] {
        let top = found.facets.get(facet).into_iter().flatten().take(3);
        let counts: Vec<String> = top.map(|count| format!("{} {}", count.value, count.count)).collect();
        if !counts.is_empty() {
            line.push_str(&format!("  {facet}: {}", counts.join(", ")));
        }
    }
    line
}

/// Highlights for a terminal.
fn marked(html: &str) -> String {
    let text = html.replace("<mark>", "»").replace("</mark>", "«");
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .into_iter()
        .fold(text, |text, (entity, char)| text.replace(entity, char))
}

/// The first member who fits, as a session.
fn someone(cop: &Community, fits: impl Fn(&Member) -> bool) -> Result<Option<Session>> {
    let mut page = PageRequest::first(1_000);
    loop {
        let found = cop.steward().members(MemberFilter::new(), page)?;
        if let Some(member) = found.items.iter().find(|member| member.is_live() && fits(member)) {
            return cop.as_member(member.id).map(Some);
        }
        let Some(next) = found.next else { return Ok(None) };
        page = PageRequest::first(1_000).after(Some(next));
    }
}

fn works_as(member: &Member, role: &Role) -> bool {
    member.affiliations.iter().any(|affiliation| affiliation.role == *role && affiliation.until.is_none())
}

#[derive(Clone, Copy)]
enum Format {
    Roster,
    Directory,
    Standards,
    Resources,
}

fn import(cop: &Community, format: Format, bytes: &[u8]) -> Result<ImportReport> {
    let (session, options) = (cop.steward(), ImportOptions::default());
    let progress: OnProgress<'_> = &mut |_| ControlFlow::Continue(());
    match format {
        Format::Roster => session.import_oneroster(bytes, &options, progress),
        Format::Directory => session.import_ca_directory(bytes, &options, progress),
        Format::Standards => session.import_case(bytes, &options, progress),
        Format::Resources => session.import_resources(bytes, &options, progress),
    }
}

/// What the command line asks for.
struct Wishes {
    files: Vec<(Format, PathBuf)>,
    queries: Vec<String>,
    out: PathBuf,
}

impl Wishes {
    fn read(mut args: impl Iterator<Item = String>) -> Result<Self> {
        let mut wishes =
            Self { files: Vec::new(), queries: Vec::new(), out: PathBuf::from("target/statewide/math.cop") };
        let mut format = None;
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or_else(|| usage(&format!("{arg} needs a value")));
            match arg.as_str() {
                "--roster" => format = Some(Format::Roster),
                "--directory" => format = Some(Format::Directory),
                "--standards" => format = Some(Format::Standards),
                "--resources" => format = Some(Format::Resources),
                "--query" => wishes.queries.push(value()?),
                "--out" => wishes.out = PathBuf::from(value()?),
                file => match format {
                    Some(format) if !file.starts_with("--") => wishes.files.push((format, PathBuf::from(file))),
                    _ => return Err(usage(&format!("unknown: {file}"))),
                },
            }
        }
        if wishes.queries.is_empty() {
            let queries =
                ["fractions on a number line", "\"number talk\" -kindergarten", "5.NF.B", "tareas de fracciones"];
            wishes.queries.extend(queries.map(str::to_owned));
        }
        Ok(wishes)
    }
}

fn usage(what: &str) -> Error {
    let usage = "statewide [--roster FILE…] [--directory FILE…] [--standards FILE…] [--resources FILE…] [--query TEXT] [--out FILE]";
    Error::InvalidInput(vec![Problem::new("arguments", "usage", format!("{what}; usage: {usage}"))])
}

/// The place for a new community: what an earlier run left there is replaced.
fn fresh(path: &Path) -> Result<PathBuf> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(path.to_owned())
}

fn timed<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let started = Instant::now();
    let answer = work()?;
    println!("{what:<32} {:>10}", millis(started.elapsed()));
    Ok(answer)
}

fn millis(elapsed: Duration) -> String {
    format!("{:.1} ms", elapsed.as_secs_f64() * 1e3)
}
