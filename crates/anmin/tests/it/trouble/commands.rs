//! The operator's own commands die in the middle: making a deployment, copying it, putting a copy back. Each can be given
//! again; what was broken off is never taken for whole.
use super::client::{FIRED, PASSED};
use super::kills::OF_COMMANDS;
use super::program::{BOTH, Deployment, Kind};
use super::stages::Stages;
use crate::run::{Folder, Run, run};
use std::collections::BTreeSet;

/// Runs a command with a fault in it.
fn broken(deployment: &Deployment, name: &str, args: &[&str], fault: &str) -> Run {
    let words: Vec<&str> = name.split(' ').collect();
    let mut command = deployment.command(&words);
    command.args(args).env("ANMIN_FAULT", fault).env("ANMIN_FAULT_FIRED", deployment.beside(FIRED));
    let run = run(command, b"");
    let fired = std::fs::read_to_string(deployment.beside(FIRED)).unwrap_or_default();
    let point = fault.split('=').next().unwrap_or_default();
    assert_eq!(fired.lines().next_back(), Some(point), "{name} {fault}: {run:?}");
    assert_ne!(run.code, Some(0), "{name} {fault}: {run:?}");
    run
}

/// The fault points a command passes.
fn points(deployment: &Deployment, name: &str, args: &[&str]) -> Vec<String> {
    let _ = std::fs::remove_file(deployment.beside(PASSED));
    let mut command = deployment.command(&name.split(' ').collect::<Vec<_>>());
    command.args(args).env("ANMIN_FAULT_PASSED", deployment.beside(PASSED));
    let done = run(command, b"");
    assert_eq!(done.code, Some(0), "{name}: {done:?}");
    let text = std::fs::read_to_string(deployment.beside(PASSED)).unwrap_or_default();
    let passed: BTreeSet<&str> = text.lines().collect();
    passed.into_iter().map(str::to_owned).collect()
}

fn done(deployment: &Deployment, name: &str, args: &[&str]) {
    let run = deployment.anmin(name, args);
    assert_eq!(run.code, Some(0), "{name} {args:?}: {run:?}");
}

fn path(folder: &Folder, name: &str) -> String {
    folder.path().join(name).to_str().expect("a path in UTF-8").to_owned()
}

#[test]
fn making_a_deployment_can_be_broken_off_and_begun_again() {
    for kind in BOTH {
        let points = points(&Deployment::empty(kind), "init", &["--demo"]);
        assert_eq!(points, ["init.created", "migrate.step"]);
        for point in &points {
            for how in ["abort", "error"] {
                let deployment = Deployment::empty(kind);
                broken(&deployment, "init", &["--demo"], &format!("{point}={how}"));
                done(&deployment, "init", &["--demo"]);
                deployment.is_sound();
                deployment.serve().stop();
            }
        }
    }
}

#[test]
fn a_copy_broken_off_is_no_copy() {
    for kind in BOTH {
        let stages = Stages::of(kind);
        let deployment = &stages.end;
        let to = Folder::new();
        let whole = path(&to, "whole");
        let backup = points(deployment, "backup", &[&whole]);
        let mut passed: BTreeSet<String> = backup.iter().cloned().collect();
        for (n, point) in backup.iter().enumerate() {
            for how in ["abort", "error"] {
                let part = path(&to, &format!("{n}-{how}"));
                broken(deployment, "backup", &[&part], &format!("{point}={how}"));
                let place = Deployment::empty(kind);
                crate::run::copy(&deployment.data().join("keys"), &place.data().join("keys"));
                let refused = place.anmin("restore", &[&part]);
                assert_eq!(refused.code, Some(2), "a part of a copy was put back: {refused:?}");
                done(deployment, "backup", &[&path(&to, &format!("{n}-{how}-again"))]);
            }
        }
        passed.extend(put_back(kind, deployment, &whole));
        passed.extend(["init.created".to_owned()]);
        let missing: Vec<&&str> = OF_COMMANDS.iter().filter(|point| !passed.contains(**point)).collect();
        assert!(missing.is_empty(), "no command passes {missing:?}");
    }
}

/// The copy is put back, broken off at each point first. The points.
fn put_back(kind: Kind, deployment: &Deployment, copy: &str) -> Vec<String> {
    let place = || {
        let place = Deployment::empty(kind);
        crate::run::copy(&deployment.data().join("keys"), &place.data().join("keys"));
        place
    };
    let rows = deployment.rows();
    let first = place();
    let points = points(&first, "restore", &[copy]);
    assert_eq!(first.rows(), rows);
    first.is_sound();
    for point in &points {
        for how in ["abort", "error"] {
            let place = place();
            broken(&place, "restore", &[copy], &format!("{point}={how}"));
            // What was broken off is begun again in the same place, or refused there; it is never taken for whole.
            let again = place.anmin("restore", &[copy]);
            if again.code == Some(0) {
                assert_eq!(place.rows(), rows, "{point}={how}");
                place.is_sound();
            } else {
                assert_eq!(again.code, Some(2), "{again:?}");
                let opened = place.begin(&[]);
                assert!(opened.is_none(), "{point}={how}: half a copy is at work");
            }
        }
    }
    points
}
