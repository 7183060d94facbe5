//! Regions: the chain, and what an overlay may say.
use super::*;

const OVERLAY: &str = "regions/b/example/rules.yaml";
const FIGURES: &str = "regions/b/example/parameters.yaml";

#[test]
fn a_region_sets_figures_switches_and_open_variables() {
    let loaded =
        sound().load(Some("b")).unwrap_or_else(|f| panic!("{:#?}", in_english(&f.files, &f.findings)));
    let codes: Vec<&str> = loaded.ruleset.layers.iter().map(|l| l.code.as_str()).collect();
    assert_eq!(codes, ["example", "a", "b"]);
    assert_eq!(loaded.layers.iter().map(|l| l.overlay).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(loaded.layers[2].from, Some(Date::ymd(2000, 1, 1)));
    let last = loaded.ruleset.parameters[0].values.last().expect("a value");
    assert_eq!((last.layer, &last.value), (2, &Figure::Same(200_000)));
    let setting = loaded.ruleset.switches[0].settings.last().expect("a setting");
    assert_eq!((setting.layer, setting.option, setting.from), (2, 1, Date::MIN));
    assert_eq!(loaded.ruleset.variables[2].versions.last().expect("a body").layer, 2);
    assert_eq!(loaded.tests.last().and_then(|t| t.region.as_deref()), Some("b"));
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
            Some("b"),
            &[
                "regions/b/example/parameters.yaml:3:5: a region cannot set range. Allowed here: values. \
                A region gives values of declared parameters, settings of switches and bodies of \
                variables marked open, each with its law",
                "regions/b/example/rules.yaml:4:3: income is not marked open, so a region cannot give its \
                body (it is declared at packs/example/rules.yaml:10:3). Open variables: allowance",
                "regions/b/example/rules.yaml:5:15: a region cannot set type.",
                "regions/b/example/rules.yaml:6:3: there is no variable new_one",
            ],
        );
    sound().with(FIGURES, "standard:", "standards:").check(
        Some("b"),
        &["regions/b/example/parameters.yaml:2:3: there is no parameter (a region gives values to \
        declared ones) standards; did you mean standard. Allowed: standard, share_kept"],
    );
    sound()
        .and(
            OVERLAY,
            "decision: {eligible: income}\nswitches: \
    {limits: {value: strict, law: b-1 一}, limit: {value: strikt, law: b-1 一}}",
        )
        .check(
            Some("b"),
            &[
                "regions/b/example/rules.yaml:1:1: a region cannot set decision.",
                "regions/b/example/rules.yaml:2:12: there is no switch limits; did you mean limit",
                "regions/b/example/rules.yaml:2:64: there is no option strikt; did you mean strict",
            ],
        );
}

#[test]
fn an_overlay_comes_with_citation_and_tests() {
    sound()
        .with(OVERLAY, "{law: b-1 三, value: standard}", "{value: standard}")
        .with(FIGURES, ", law: b-1 一", "")
        .without("regions/b/example/tests/b.yaml")
        .check(
            Some("b"),
            &[
                "regions/b/example:1:1: what a region sets comes with citation and tests",
                "regions/b/example/parameters.yaml:4:9: this figure cites no law",
                "regions/b/example/rules.yaml:4:14: this rule cites no law",
            ],
        );
}

#[test]
fn the_chain_follows_parents_and_ends() {
    sound().with("regions/a/region.yaml", "none", "b").check(
        Some("b"),
        &["regions/a/region.yaml:2:9: the regions' parents form a circle: b → a → b; the widest one has \
        parent: none"],
    );
    sound()
        .with("regions/a/region.yaml", "none", "c")
        .check(Some("b"), &["regions/a/region.yaml:2:9: there is no region c"]);
    sound()
        .and("regions/b/exampel/rules.yaml", "x: 1")
        .check(Some("b"), &["regions/b/exampel:1:1: there is no file that belongs here called exampel/"]);
    sound().check(Some("bb"), &["regions:1:1: there is no region bb; did you mean b"]);
}

#[test]
fn a_pack_does_not_cite_a_regions_document() {
    sound()
        .with(RULES, "law-1 第九条\n    table", "b-1 第九条\n    table")
        .check(Some("b"), &["packs/example/rules.yaml:33:10: there is no document b-1"]);
}
