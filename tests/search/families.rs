//! Forms of one word find each other, in English and Spanish as mathematics teachers use them; other words do not.

use cop_core::Language;
use cop_core::search::Analyzer;
use cop_search::EduAnalyzer;

const ENGLISH: [&str; 24] = [
    "matrix matrices",
    "vertex vertices",
    "axis axes",
    "divide division divided",
    "add addition adding",
    "subtract subtraction subtracting",
    "multiply multiplication multiplying",
    "math maths mathematics mathematical",
    "teach teacher teachers teaching taught",
    "half halves",
    "index indices indexes",
    "radius radii",
    "hypothesis hypotheses",
    "formula formulas formulae",
    "fraction fractions",
    "estimate estimation estimating",
    "measure measurement measuring",
    "solve solution solutions solving",
    "prove proof proofs proving",
    "analyze analysis analyzing analyse",
    "maximum maxima",
    "symmetry symmetric symmetries",
    "geometry geometric",
    "child children",
];

const SPANISH: [&str; 28] = [
    "fracción fracciones",
    "ángulo ángulos",
    "multiplicar multiplicación multiplicaciones",
    "dividir división divisiones",
    "raíz raíces",
    "vértice vértices",
    "sumar suma sumas",
    "restar resta restas",
    "ecuación ecuaciones",
    "matriz matrices",
    "número números",
    "línea líneas",
    "área áreas",
    "unidad unidades",
    "mitad mitades",
    "eje ejes",
    "medir medición medida",
    "resolver solución soluciones resolución",
    "comparar comparación",
    "estimar estimación",
    "lápiz lápices",
    "analizar análisis",
    "definir definición",
    "graficar gráfica gráficas",
    "probable probabilidad probabilidades",
    "volumen volúmenes",
    "maestro maestra maestros",
    "enseñar enseñanza",
];

const APART: [(&str, &[&str]); 2] = [
    (
        "en",
        &[
            "ratio rational",
            "mean meaning",
            "integer integral",
            "add address",
            "even event",
            "even evening",
            "odd odds",
            "unit united",
            "multiple multiply",
            "divisor division",
            "number numerator",
            "prime primary",
            "plane plan",
            "base basic",
            "interest interesting",
            "factor factory",
            "function fun",
            "variable vary",
            "median medium",
            "mode model",
            "table tablet",
            "root route",
            "equation equator",
            "formula formal",
            "sum summer",
            "minus minute",
            "proof professor",
            "exponent exponential",
            "line linear",
            "sine sign",
        ],
    ),
    (
        "es",
        &[
            "múltiplo multiplicación",
            "razón ración",
            "media mediana",
            "par parte",
            "eje ejercicio",
            "unidad único",
            "recta rectángulo",
            "división divisor",
            "grado grande",
            "factor factura",
            "base básico",
            "primo primero",
            "exponente exponencial",
        ],
    ),
];

/// Whether who asks for one of them finds a text in `language` with the other.
fn meet(asked: &str, written: &str, language: &Language) -> bool {
    let analyzer = EduAnalyzer::new();
    let words = analyzer.words(written, language);
    let forms = analyzer.query_words(asked);
    assert_eq!((words.len(), forms.len()), (1, 1), "{asked} and {written} are words");
    forms[0].iter().any(|form| **form == *words[0].term)
}

fn pairs(family: &str) -> Vec<(&str, &str)> {
    let words: Vec<&str> = family.split(' ').collect();
    words.iter().flat_map(|a| words.iter().map(move |b| (*a, *b))).collect()
}

#[test]
fn forms_of_one_word_find_each_other() {
    for (code, families, least) in [("en", &ENGLISH[..], 23), ("es", &SPANISH[..], 27)] {
        let language: Language = code.parse().expect("a language");
        let mut whole = 0;
        for family in families {
            let lost: Vec<_> = pairs(family).into_iter().filter(|(a, b)| !meet(a, b, &language)).collect();
            whole += usize::from(lost.is_empty());
            if !lost.is_empty() {
                println!("{code}: {lost:?} do not meet");
            }
        }
        println!("{code}: {whole} of {} families meet", families.len());
        assert!(whole >= least, "{code}: {whole}");
    }
}

#[test]
fn other_words_do_not() {
    for (code, list) in APART {
        let language: Language = code.parse().expect("a language");
        for pair in list {
            for (a, b) in pairs(pair) {
                assert_eq!(meet(a, b, &language), a == b, "{code}: {a} and {b}");
            }
        }
        println!("{code}: {} pairs stay apart", list.len());
    }
}

#[test]
fn words_that_mean_something_in_mathematics_are_asked_for() {
    let analyzer = EduAnalyzer::new();
    let telling = "of to all some less more not no than over under by per each every any if then between into out up down \
        left right times plus minus equal equals one two first half same few most many much both only always never \
        por mas más menos entre sobre cada todo todos algun ningun no mayor menor igual mitad medio mucho poco cuanto \
        cuantos uno dos hasta desde sin x n";
    for word in telling.split_whitespace() {
        let forms = analyzer.query_words(word);
        assert!(!analyzer.is_common(&forms[0]), "{word}");
    }
    for word in "the a and is with el la los que y".split(' ') {
        assert!(analyzer.is_common(&analyzer.query_words(word)[0]), "{word}");
    }
}
