//! Regions: the chain, and what an overlay may say.
use super::*;

const OVERLAY: &str = "regions/999000/example/rules.yaml";
const FIGURES: &str = "regions/999000/example/parameters.yaml";

#[test]
fn a_region_sets_figures_switches_and_open_variables() {
    let loaded =
        sound().load(Some("999000")).unwrap_or_else(|f| panic!("{:#?}", in_english(&f.files, &f.findings)));
    let codes: Vec<&str> = loaded.ruleset.layers.iter().map(|l| l.code.as_str()).collect();
    assert_eq!(codes, ["example", "990000", "999000"]);
    assert_eq!(loaded.layers.iter().map(|l| l.overlay).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(loaded.layers[2].from, Some(Date::ymd(2000, 1, 1)));
    let last = loaded.ruleset.parameters[0].values.last().expect("a value");
    assert_eq!((last.layer, &last.value), (2, &Figure::Same(200_000)));
    let setting = loaded.ruleset.switches[0].settings.last().expect("a setting");
    assert_eq!((setting.layer, setting.option, setting.from), (2, 1, Date::MIN));
    assert_eq!(loaded.ruleset.variables[2].versions.last().expect("a body").layer, 2);
    assert_eq!(loaded.tests.last().and_then(|t| t.region.as_deref()), Some("999000"));
    assert!(loaded.documents.contains_key("b-1"));
}

#[test]
fn a_region_sets_nothing_else() {
    sound()
        .with(
            OVERLAY,
            "allowance: {law: b-1 三, value: standard}",
            "income: \
        {law: b-1 三, value: standard}\n  allowance: {type: count, law: b-1 三, value: standard}\n  \
        new_one: {law: b-1 三, value: standard}",
        )
        .with(FIGURES, "  standard:", "  standard:\n    range: [0, 1]")
        .check(
            Some("999000"),
            &[
                "regions/999000/example/parameters.yaml:3:5: a region cannot set range. Allowed here: values. \
                A region gives values of declared parameters, settings of switches and bodies of \
                variables marked open, each with its law",
                "regions/999000/example/rules.yaml:4:3: income is not marked open, so a region cannot give its \
                body (it is declared at packs/example/rules.yaml:10:3). Open variables: allowance",
                "regions/999000/example/rules.yaml:5:15: a region cannot set type.",
                "regions/999000/example/rules.yaml:6:3: there is no variable new_one",
            ],
        );
    sound().with(FIGURES, "standard:", "standards:").check(
        Some("999000"),
        &["regions/999000/example/parameters.yaml:2:3: there is no parameter (a region gives values to \
        declared ones) standards; did you mean standard. Allowed: standard, share_kept"],
    );
    sound()
        .and(
            OVERLAY,
            "decision: {eligible: income}\nswitches: \
    {limits: {value: strict, law: b-1 一}, limit: {value: strikt, law: b-1 一}}",
        )
        .check(
            Some("999000"),
            &[
                "regions/999000/example/rules.yaml:1:1: a region cannot set decision.",
                "regions/999000/example/rules.yaml:2:12: there is no switch limits; did you mean limit",
                "regions/999000/example/rules.yaml:2:64: there is no option strikt; did you mean strict",
            ],
        );
}

#[test]
fn an_overlay_comes_with_citation_and_tests() {
    sound()
        .with(OVERLAY, "{law: b-1 三, value: standard}", "{value: standard}")
        .with(FIGURES, ", law: b-1 一", "")
        .without("regions/999000/example/tests/b.yaml")
        .check(
            Some("999000"),
            &[
                "regions/999000/example:1:1: what a region sets comes with citation and tests: tests/ holds at least one",
                "regions/999000/example/parameters.yaml:4:9: this figure cites no law",
                "regions/999000/example/rules.yaml:4:14: this rule cites no law",
            ],
        );
}

#[test]
fn the_chain_follows_parents_and_ends() {
    sound().with("regions/990000/region.yaml", "none", "999000").check(
        Some("999000"),
        &["regions/990000/region.yaml:2:9: the regions' parents form a circle: 999000 → 990000 → 999000; the widest one has \
        parent: none"],
    );
    sound()
        .with("regions/990000/region.yaml", "none", "980000")
        .check(Some("999000"), &["regions/990000/region.yaml:2:9: there is no region 980000"]);
    sound().and("regions/999000/exampel/rules.yaml", "x: 1").check(
        Some("999000"),
        &["regions/999000/exampel:1:1: there is no file that belongs here called exampel/"],
    );
    sound().check(Some("99900"), &["regions:1:1: there is no region 99900; did you mean 999000"]);
}

#[test]
fn a_pack_does_not_cite_a_regions_document() {
    sound()
        .with(RULES, "law-1 第九条\n    table", "b-1 第九条\n    table")
        .check(Some("999000"), &["packs/example/rules.yaml:33:10: there is no document b-1"]);
}
