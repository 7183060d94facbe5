use super::*;
use anmin_rules::syntax::{BinaryOp, ExprKind, Lambda};
use proptest::prelude::*;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

static PARSER: LazyLock<Parser> = LazyLock::new(Parser::new);

const START: Place = Place { file: 2, line: 10, column: 5 };

/// The tree on one line, or the findings as `column zh`.
fn shown(text: &str) -> String {
    match PARSER.parse(text, START) {
        Ok(source) => tree(&source.expr),
        Err(findings) => {
            let lines = findings.iter().map(|f| format!("{} {}", f.place.column - START.column, f.zh));
            lines.collect::<Vec<_>>().join(" | ")
        }
    }
}

fn tree(expr: &Expr) -> String {
    let all = |list: &[Expr]| list.iter().map(tree).collect::<Vec<_>>().join(" ");
    match &expr.kind {
        ExprKind::Int(i) => i.to_string(),
        ExprKind::Bool(b) => b.to_string(),
        ExprKind::Name(name) => name.clone(),
        ExprKind::Field { binding, field } => format!("{binding}.{field}"),
        ExprKind::Not(a) => format!("(! {})", tree(a)),
        ExprKind::Negate(a) => format!("(- {})", tree(a)),
        ExprKind::Binary(op, a, b) => format!("({} {} {})", sign(*op), tree(a), tree(b)),
        ExprKind::Choose(c, a, b) => format!("(? {} {} {})", tree(c), tree(a), tree(b)),
        ExprKind::OneOf(x, list) => format!("(in {} [{}])", tree(x), all(list)),
        ExprKind::Call(name, args) => format!("({name} {})", all(args)),
        ExprKind::Fold(fold) => {
            let lambda = |l: &Lambda| format!(" ({}: {})", l.binding, tree(&l.body));
            let filters: String = fold.filters.iter().map(|f| format!(" filter{}", lambda(f))).collect();
            let body = fold.body.as_ref().map(lambda).unwrap_or_default();
            let nothing = fold.over_nothing.as_ref().map(|n| format!(" else {}", tree(n)));
            let how = format!("{:?}", fold.how).to_lowercase();
            format!("<{}{filters} {how}{body}{}>", fold.collection, nothing.unwrap_or_default())
        }
    }
}

fn sign(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::And => "&&",
        BinaryOp::Or => "||",
        BinaryOp::Equal => "==",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Less => "<",
        BinaryOp::LessEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterEqual => ">=",
    }
}

#[test]
fn reads_what_the_rule_language_has() {
    for (text, expected) in [
        ("0", "0"),
        ("-1", "-1"),
        ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("true", "true"),
        ("income", "income"),
        ("m.wage", "m.wage"),
        ("!ok", "(! ok)"),
        ("-wage", "(- wage)"),
        ("-(a + b)", "(- (+ a b))"),
        ("a - -1", "(- a -1)"),
        ("a == -b", "(== a (- b))"),
        ("!(a && b)", "(! (&& a b))"),
        ("a + b - c", "(- (+ a b) c)"),
        ("a + b * c / d", "(+ a (/ (* b c) d))"),
        ("(a + b) * c", "(* (+ a b) c)"),
        ("a && b && c && d && e", "(&& (&& (&& (&& a b) c) d) e)"),
        ("a || b && c || d", "(|| (|| a (&& b c)) d)"),
        ("a < b", "(< a b)"),
        ("a <= b && c >= d || e != f", "(|| (&& (<= a b) (>= c d)) (!= e f))"),
        ("a ? b : c ? d : e", "(? a b (? c d e))"),
        ("a ? (b ? c : d) : e", "(? a (? b c d) e)"),
        ("x in [a, b]", "(in x [a b])"),
        ("member.relation in [head]", "(in member.relation [head])"),
        ("n in [1, 2, 3,]", "(in n [1 2 3])"),
        ("floor(a / b, yuan)", "(floor (/ a b) yuan)"),
        ("max(a, b, 0)", "(max a b 0)"),
        ("on", "on"),
        ("members.size()", "<members size>"),
        ("members.count(m, m.ok)", "<members count (m: m.ok)>"),
        ("members.exists(m, m.a == head)", "<members exists (m: (== m.a head))>"),
        ("members.all(m, true)", "<members all (m: true)>"),
        ("members.sum(m, m.wage + base)", "<members sum (m: (+ m.wage base))>"),
        ("members.max(m, m.wage, 0)", "<members max (m: m.wage) else 0>"),
        ("members.min(m, m.wage)", "<members min (m: m.wage)>"),
        ("members.filter(m, m.a).sum(x, x.b)", "<members filter (m: m.a) sum (x: x.b)>"),
        ("members.filter(m, m.a).filter(m, m.b).size()", "<members filter (m: m.a) filter (m: m.b) size>"),
        ("members.sum(m, a / members.size())", "<members sum (m: (/ a <members size>))>"),
        ("has_car && in_school", "(&& has_car in_school)"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn refuses_the_rest_with_its_place() {
    for (text, expected) in [
        ("", "0 式子是空的"),
        ("  ", "0 式子是空的"),
        ("a * 1.5", "4 式子里没有小数（1.5）：把这个数写进 parameters.yaml"),
        ("1e3", "0 式子里没有小数（1e3）"),
        (".5", "0 式子里没有小数"),
        ("a == 'x'", "5 式子里没有文字；枚举的值直接写名称"),
        ("a == b\"x\"", "6 式子里没有文字"),
        ("12u", "0 12u 不是整数"),
        ("0x1F", "0 0x1F 不是整数"),
        ("99999999999999999999", "0 数字 99999999999999999999 太大"),
        ("a == null", "5 没有 null"),
        ("a[0]", "1 没有下标"),
        ("[1, 2]", "0 列表只能写在 in 之后"),
        ("x in y", "5 in 之后须是列表"),
        ("x in []", "5 in 之后的列表是空的"),
        ("{a: 1}", "0 式子里没有 { }"),
        ("T{a: 1}", "1 式子里没有 { }"),
        ("has(m.wage)", "0 没有 has()"),
        ("m.?wage", "2 没有 .? 和 [? 的写法"),
        ("a % 2", "2 没有取余 %"),
        ("a.b.c", "4 点号只能用在成员上"),
        ("(a + b).sum(m, m.c)", "8 .sum(...) 只能用在集合上"),
        ("m.list.sum(x, x.c)", "7 .sum(...) 只能用在集合上"),
        ("members.sum(1, m.c)", "12 第一个参数须是名称"),
        ("members.sum(m.x, m.c)", "13 第一个参数须是名称"),
        ("members.sum(m, members.sum(n, n.c))", "23 逐个成员计算的式子里不能再逐个计算"),
        ("members.summ(m, m.c)", "8 集合没有 .summ(...)，是不是 sum。可用"),
        ("members.map(m, m.c)", "8 集合没有 .map(...)，是不是 max"),
        ("members.sum(m.c)", "8 sum 需要两个参数"),
        ("members.size(m)", "8 size 需要没有参数"),
        ("members.max(m)", "8 max 需要两个或三个参数"),
        ("members.filter(m, m.c)", "8 filter 之后须有 .size()"),
        ("members.filter(m).size()", "8 filter 需要两个参数"),
        ("members.sum(m, m.c).size()", "8 .sum(...) 得到的已不是集合"),
        (".a + b", "1 名称前不能有点号"),
        ("!!a", "1 ! 和 - 不能连写"),
        ("--a", "1 ! 和 - 不能连写"),
        ("!-a", "1 ! 和 - 不能连写"),
        ("a - - -b", "6 ! 和 - 不能连写"),
        ("a = b", "2 相等写作 =="),
        ("a and b", "2 “并且”写作 &&"),
        ("not a", "0 “不”写作 !"),
        ("a & b", "2 “并且”写作 &&"),
        ("a <> b", "2 不等写作 !="),
        ("a // b", "2 式子里没有注释"),
        ("max（a，b）", "3 （ 请写成半角 ( | 5 ， 请写成半角 , | 7 ） 请写成半角 )"),
        ("收入 > 0", "0 式子里不能有 收入；名称只用英文字母"),
        ("(a", "0 ( 没有闭合"),
        ("a)", "1 ) 没有对应的 ("),
        ("x in [a)", "7 ) 与前面的 [ 不配对"),
        ("a b", "2 此处不应出现 b"),
        ("a +", "3 式子没有写完"),
        ("a ? b", "5 式子没有写完"),
        ("for + 1", "0 for 是保留字"),
        ("a\u{202e}b", "1 式子里不能有 \\u{202e}"),
        ("a\u{0}b", "1 式子里不能有 \\u{0}"),
        ("a\u{7}b", "1 式子里不能有 \\u{7}"),
        ("😀 + 1", "0 式子里不能有 😀"),
        ("工 + 1.5", "0 式子里不能有 工；名称只用英文字母、数字和 _ | 4 式子里没有小数（1.5）"),
    ] {
        let found = shown(text);
        assert!(found.starts_with(expected), "{text}\n   found {found}\nexpected {expected}");
    }
}

#[test]
fn spans_cover_the_text_they_came_from() {
    let part = |text: &str, pick: fn(&Expr) -> &Expr| {
        let source = PARSER.parse(text, START).unwrap();
        let span = pick(&source.expr).span;
        text[span.start as usize..span.end as usize].to_owned()
    };
    let left = |e: &Expr| match &e.kind {
        ExprKind::Binary(_, a, _) => (**a).clone(),
        _ => e.clone(),
    };
    assert_eq!(part("(a + b) * c", |e| e), "(a + b) * c");
    assert_eq!(part(" floor( a / b , yuan ) ", |e| e), "floor( a / b , yuan )");
    assert_eq!(part("members.filter(m, m.a).sum(x, x.b) ", |e| e), "members.filter(m, m.a).sum(x, x.b)");
    assert_eq!(part("x in [a, (b)]", |e| e), "x in [a, (b)]");
    assert_eq!(part("!(a && (b))", |e| e), "!(a && (b))");
    assert_eq!(part("c ? -1 : (d)", |e| e), "c ? -1 : (d)");
    let source = PARSER.parse("m.wage + a - b", START).unwrap();
    assert_eq!(left(&source.expr).span, Span { start: 0, end: 10 });
}

#[test]
fn hostile_text_is_refused_quickly_and_never_ends_the_process() {
    let parts = [
        "(",
        "!",
        "-",
        "! ",
        "a ? b : ",
        "a ? ",
        "[",
        "in [",
        "f(",
        "a.b(",
        "a(",
        ")",
        "]",
        "a+",
        "a-",
        "a&&",
        "a||",
        "a==",
        "a<",
        "a.",
        "a.filter(m,",
        "-(",
        "!(",
        "(a+",
        "(a ? (",
        "a in [",
        "x in [(",
        "1 ",
        "a ",
        ",",
        "f(a,",
        "a:",
        "? ",
        ": ",
        "\u{0}",
        "\u{202e}",
        "😀",
        "'",
        "\"",
        "//",
        "{",
        "}",
        ".",
        "..",
        "a.f(b).",
        "(((a)))+",
        "-1-",
        "!a&&",
        "a*-",
    ];
    for part in parts {
        for length in [31, 32, 33, 100, 1000, 4096 / part.len(), 10_000] {
            for (before, after) in [("", ""), ("", "a"), ("a", "")] {
                let closing: String = part
                    .chars()
                    .rev()
                    .filter_map(|c| match c {
                        '(' => Some(")"),
                        '[' => Some("]"),
                        _ => None,
                    })
                    .collect();
                let text = format!("{before}{}{after}{}", part.repeat(length), closing.repeat(length));
                let started = Instant::now();
                let _ = PARSER.parse(&text, START);
                let took = started.elapsed();
                // Only that it ends: how fast is measured by `anmin bench`, not here.
                assert!(took < Duration::from_secs(30), "{length} of {part:?} took {took:?}");
            }
        }
    }
}

#[test]
fn nesting_is_counted_before_the_parser_runs() {
    let brackets = |n: usize| format!("{}a{}", "(".repeat(n), ")".repeat(n));
    assert_eq!(shown(&brackets(31)), "a");
    assert_eq!(shown(&brackets(32)), "a");
    assert!(shown(&brackets(33)).starts_with("32 式子嵌套超过 32 层"));
    assert!(shown(&brackets(1000)).starts_with("32 式子嵌套超过 32 层"));
    assert!(shown(&brackets(10_000)).starts_with("0 式子有 20001 字节，最多 4096"));
    assert!(shown(&format!("{}x", "a ? b : ".repeat(33))).contains("式子嵌套超过 32 层"));
    assert!(!shown(&format!("{}x", "a ? b : ".repeat(31))).contains("嵌套"));
    assert!(!shown(&format!("max({})", "a ? b : c, ".repeat(40) + "d")).contains("嵌套"));
    assert!(shown(&format!("{}a", "a + ".repeat(127))).starts_with("(+"));
    assert!(shown(&format!("{}a", "a+".repeat(2000))).starts_with("0 式子有 2001 步"));
}

#[test]
fn an_expression_in_a_file_is_refused_at_its_line_and_column() {
    let file = format!("a: 1\nvalue: \"{}\"\n", "(".repeat(10_000));
    let node = crate::yaml::read(4, file.as_bytes()).unwrap();
    let findings = PARSER.read(node.get("value").unwrap()).unwrap_err();
    assert_eq!(findings[0].place, Place { file: 4, line: 2, column: 9 });
    let node = crate::yaml::read(4, b"value: a + 1.5\n").unwrap();
    let findings = PARSER.read(node.get("value").unwrap()).unwrap_err();
    assert_eq!(findings[0].place, Place { file: 4, line: 1, column: 12 });
    let findings = PARSER.read(&node).unwrap_err();
    assert!(findings[0].zh.starts_with("此处应为式子"), "{}", findings[0].zh);
}

fn quick(text: &str) -> Result<(), TestCaseError> {
    let started = Instant::now();
    let _ = PARSER.parse(text, START);
    prop_assert!(started.elapsed() < Duration::from_secs(30), "{text:?} took {:?}", started.elapsed());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_soup_of_words_ends_in_a_tree_or_findings(
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "a", "m", "members", ".", "(", ")", "[", "]", ",", "?", ":", "+", "-", "*", "/", "!", "&&", "||", "==",
                "<", " in ", " ", "1", "true", ".sum(m, ", ".filter(m, ", "f(", "1.5", "'", "{", "\n", "for",
            ]),
            0..80,
        )
    ) {
        quick(&parts.concat())?;
    }

    #[test]
    fn any_text_ends_in_a_tree_or_findings(text in "\\PC{0,60}") {
        quick(&text)?;
    }

    #[test]
    fn any_bytes_end_in_a_tree_or_findings(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        quick(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn clean_soup_ends_in_a_tree_or_findings(
        parts in proptest::collection::vec(
            proptest::sample::select(vec!["a", "+", "(", ")", "&&", "?", ":", ".", "f(", "-", ",", " in [", "]", "1 "]),
            0..400,
        )
    ) {
        quick(&parts.concat())?;
    }
}
