//! What was asked for, and whether it is met.

/// Collects the bars, with what was measured.
#[derive(Default)]
pub struct Bars(Vec<[String; 4]>);

impl Bars {
    /// A number that may at most be `most`.
    pub fn at_most(&mut self, what: impl Into<String>, measured: f64, most: f64, unit: &str) {
        self.add(what.into(), measured, "≤", most, unit, measured <= most);
    }

    /// A number that must at least be `least`.
    pub fn at_least(&mut self, what: impl Into<String>, measured: f64, least: f64, unit: &str) {
        self.add(what.into(), measured, "≥", least, unit, measured >= least);
    }

    /// What was not measured, and why.
    pub fn left_out(&mut self, what: impl Into<String>, why: &str) {
        self.0.push([what.into(), "–".to_owned(), "–".to_owned(), why.to_owned()]);
    }

    fn add(&mut self, what: String, measured: f64, sign: &str, bar: f64, unit: &str, met: bool) {
        let met = if met { "yes" } else { "**no**" };
        self.0.push([what, format!("{}{unit}", short(measured)), format!("{sign} {bar}{unit}"), met.to_owned()]);
    }

    /// Prints them.
    pub fn print(&self) {
        println!("\n| bar | measured | asked for | met |\n|---|---|---|---|");
        self.0.iter().for_each(|row| println!("| {} |", row.join(" | ")));
    }
}

/// A number with three digits, as far as they matter.
fn short(number: f64) -> String {
    match number.abs() {
        100.0.. => format!("{number:.0}"),
        10.0.. => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}
