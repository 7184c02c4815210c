//! A search is widened on request: by words that mean the same, and by standards that have to do with those asked for.

use std::collections::BTreeSet;

use super::asked::{Group, MAX_UNITS, Unit};
use super::{Analyzer, SearchQuery, SearchSource};
use crate::access::Viewer;
use crate::error::Result;

/// Words and phrases that mean the same to educators, in English and Spanish. A community adds its own; see
/// [`Policies::synonyms`](crate::Policies::synonyms).
pub const SYNONYMS: &[&[&str]] = &[
    // What is said of lessons.
    &["exit ticket", "exit slip", "ticket out the door", "boleto de salida"],
    &["warm-up", "do now", "bell ringer", "bellringer", "calentamiento"],
    &["rubric", "scoring guide", "rúbrica"],
    &["worksheet", "handout", "hoja de trabajo"],
    &["homework", "tarea"],
    &["task", "tarea", "actividad", "activity"],
    &["lesson", "lección"],
    &["lesson plan", "plan de clase", "plan de lección"],
    &["assessment", "evaluación"],
    &["formative assessment", "check for understanding", "evaluación formativa"],
    &["word problem", "story problem", "problema verbal"],
    &["number talk", "math talk", "charla numérica"],
    &["manipulatives", "manipulativos", "concrete materials"],
    &["group work", "collaborative learning", "cooperative learning", "trabajo en grupo"],
    &["graphic organizer", "organizador gráfico"],
    // People and programmes.
    &["student", "learner", "pupil", "estudiante", "alumno"],
    &["teacher", "educator", "maestro", "docente"],
    &["family", "parent", "caregiver", "familia"],
    &["english learner", "multilingual learner", "emergent bilingual", "ELL", "aprendiz de inglés"],
    &["special education", "SPED", "educación especial"],
    &["IEP", "individualized education program"],
    &["UDL", "universal design for learning", "diseño universal para el aprendizaje"],
    &["PDSA", "plan do study act"],
    &["PLC", "professional learning community"],
    &["community of practice", "comunidad de práctica"],
    &["professional development", "professional learning", "desarrollo profesional"],
    &["problem of practice", "problema de práctica"],
    &["equity", "equidad"],
    // Mathematics.
    &["mathematics", "math", "maths", "matemáticas"],
    &["number line", "recta numérica"],
    &["fraction", "fracción"],
    &["numerator", "numerador"],
    &["denominator", "denominador"],
    &["mixed number", "número mixto"],
    &["decimal", "decimales"],
    &["percent", "percentage", "por ciento", "porcentaje"],
    &["ratio", "razón"],
    &["proportion", "proporción"],
    &["addition", "suma", "adición"],
    &["subtraction", "resta", "sustracción"],
    &["multiplication", "multiplicación"],
    &["division", "división"],
    &["place value", "valor posicional"],
    &["equation", "ecuación"],
    &["inequality", "desigualdad"],
    &["expression", "expresión"],
    &["function", "función"],
    &["slope", "rate of change", "pendiente"],
    &["exponent", "exponente"],
    &["square root", "raíz cuadrada"],
    &["graph", "gráfica"],
    &["table", "tabla"],
    &["measurement", "medición", "medida"],
    &["perimeter", "perímetro"],
    &["volume", "volumen"],
    &["angle", "ángulo"],
    &["triangle", "triángulo"],
    &["circle", "círculo"],
    &["geometry", "geometría"],
    &["algebra", "álgebra"],
    &["probability", "probabilidad"],
    &["statistics", "estadística"],
];

/// The query with the standards that have to do with those asked for, and the words that mean the same as others: if
/// it is to be widened, else the query alone.
pub fn widened(
    query: &SearchQuery,
    source: &dyn SearchSource,
    viewer: &Viewer,
) -> Result<(SearchQuery, Vec<Vec<String>>)> {
    if !query.widen {
        return Ok((query.clone(), Vec::new()));
    }
    let mut query = query.clone().parsed();
    if !query.standards.is_empty() {
        let related = source.related(viewer, &query.standards)?;
        query.standards.extend(related);
    }
    let ours = SYNONYMS.iter().map(|group| group.iter().map(|&words| words.to_owned()).collect());
    let own = source.synonyms()?.into_iter().map(|group| group.into_iter().collect());
    Ok((query, ours.chain(own).collect()))
}

/// Words, each in its forms.
type Words = Vec<Vec<String>>;

/// Adds to words and phrases those that mean the same: a word to a word's forms, anything else beside it.
pub(super) fn widen(units: &mut Vec<Unit>, groups: &mut [Group], analyzer: &dyn Analyzer, synonyms: &[Vec<String>]) {
    let read = |group: &Vec<String>| -> Vec<Words> {
        let words = group.iter().map(|words| analyzer.query_words(words));
        words.filter(|words| !words.is_empty() && words.iter().all(|forms| !forms.is_empty())).collect()
    };
    let synonyms: Vec<Vec<Words>> = synonyms.iter().map(read).collect();
    let asked = units.clone();
    for at in 0..asked.len() {
        let mut others: BTreeSet<&Words> = BTreeSet::new();
        let mut length = 0;
        for group in &synonyms {
            let said = group.iter().filter(|words| stands(&asked[at..], words));
            // Of `number` and `number line` the longer is meant.
            if let Some(said) = said.max_by_key(|words| words.len()) {
                if said.len() > length {
                    length = said.len();
                    others.clear();
                }
                if said.len() == length {
                    others.extend(group.iter().filter(|words| *words != said));
                }
            }
        }
        for words in others {
            match (length, words.as_slice()) {
                (1, [forms]) => {
                    let unit = &mut units[at];
                    unit.written.get_or_insert_with(|| asked[at].name());
                    unit.words[0].extend(forms.iter().cloned());
                    unit.words[0].sort_unstable();
                    unit.words[0].dedup();
                }
                _ if units.len() < asked.len() + MAX_UNITS => {
                    let added = units.len();
                    groups.iter_mut().filter(|group| group.units.contains(&at)).for_each(|it| it.units.push(added));
                    units.push(Unit::of(words.clone()));
                }
                _ => {}
            }
        }
    }
}

/// Whether `units` begin with `words`: as a phrase, or as so many single words. Words are the same that share a form:
/// singular and plural.
fn stands(units: &[Unit], words: &Words) -> bool {
    let same = |(one, other): (&Vec<String>, &Vec<String>)| one.iter().any(|form| other.contains(form));
    let phrase = |unit: &Unit| unit.words.len() == words.len() && unit.words.iter().zip(words).all(same);
    let single = |(unit, forms): (&Unit, &Vec<String>)| unit.is_word() && same((&unit.words[0], forms));
    words.len() > 1 && units.first().is_some_and(phrase)
        || units.len() >= words.len() && units.iter().zip(words).all(single)
}
