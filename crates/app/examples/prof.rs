//! scratch
use std::time::Instant;
use anmin_rules::evaluate::Evaluator;
fn main() {
    let lib = anmin_pack::library::Library::open(std::path::Path::new(".")).unwrap();
    let p = anmin_app::decide::Prepared::new(&lib, "dibao", Some("110000"), "2026-09-01".parse().unwrap()).unwrap();
    let bytes = std::fs::read("examples/single-parent.yaml").unwrap();
    let h = anmin_pack::household::read(&p.opened.sheet(), 0, &bytes, p.program.on).unwrap();
    let n = 20000;
    let med = |f: &mut dyn FnMut()| { let mut v: Vec<u128> = (0..n).map(|_| { let t = Instant::now(); f(); t.elapsed().as_nanos() }).collect(); v.sort(); v[n/2] };
    println!("ops {} ", p.program.ops.len());
    println!("new {}", med(&mut || { std::hint::black_box(Evaluator::keeping_all(&p.program)); }));
    println!("batch {}", med(&mut || { std::hint::black_box(h.batch()); }));
    let b = h.batch();
    println!("new+run {}", med(&mut || { let mut e = Evaluator::keeping_all(&p.program); e.run(&b, 0..1).unwrap(); std::hint::black_box(&e); }));
    let mut e = Evaluator::keeping_all(&p.program);
    println!("run {}", med(&mut || { e.run(&b, 0..1).unwrap(); std::hint::black_box(&e); }));
    let a = p.answers();
    println!("explain {}", med(&mut || { std::hint::black_box(anmin_rules::explain::explain(&e, &b, &a)); }));
    let mut names: std::collections::BTreeMap<String, usize> = Default::default();
    for op in &p.program.ops { *names.entry(format!("{op:?}").split(['(', ' ']).next().unwrap().to_owned()).or_default() += 1; }
    println!("{names:?}");
}
