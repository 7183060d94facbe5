//! A grant becomes money: closed, prepared, checked, signed, paid by the treasury, answered by the bank, paid again where it
//! came back; and every way in which it must not. On both databases; at the end the journal and the rows agree.

use crate::county::*;
use crate::way::*;
use anmin_app::error::{Kind, Result};
use anmin_app::money::{
    AccountAnswerV1, AgainV1, AnsweredV1, BatchStepV1, BatchesV1, ChangedAccountV1, CloseV1, ClosedV1,
    ListKind, MovedV1, NewAccountV1, PrepareV1, PreparedV1, SignOffV1, TreasuryV1,
};
use anmin_app::record::act::{ActV1, BecauseV1, HearingV1};
use anmin_base::date::Date;
use anmin_sheet::read::table;
use anmin_store::Id;

on_both! {
    a_grant_is_paid_comes_back_and_is_paid_again,
    after_the_closing_it_comes_with_the_next_month,
    a_stop_takes_effect_after_its_notice_and_is_paid_back_when_overturned,
    a_bank_s_file_that_does_not_fit_is_refused_whole,
    a_resident_sees_what_was_paid_and_nobody_else_s,
    whoever_handles_money_sees_no_case,
}

const ACCOUNT: &str = "6222020000000000017";
const OTHER_ACCOUNT: &str = "6222020000000000025";

async fn enter_account(way: &Way<'_>, on: Date, account: &str) -> Result<ChangedAccountV1> {
    let clerk = staff(CLERK);
    let input = NewAccountV1 {
        case: way.case.to_string(),
        kind: "own".into(),
        account: account.into(),
        bank: "示例农商银行".into(),
        holder: "张三".into(),
        paper: None,
    };
    let bytes = way.county.office.enter_account(&way.county.order(&clerk, on), way.people[0], input).await?;
    Ok(read(&bytes))
}

async fn confirm_account(
    way: &Way<'_>,
    on: Date,
    by: Id,
    entered: &ChangedAccountV1,
) -> Result<ChangedAccountV1> {
    let caller = stepped_up(by, way.county.now(on));
    let input = AccountAnswerV1 { version: entered.version, confirm: true };
    let account = Id::parse(&entered.account).unwrap();
    let bytes = way.county.office.answer_account(&way.county.order(&caller, on), account, input).await?;
    Ok(read(&bytes))
}

async fn with_account(way: &Way<'_>, on: Date, account: &str) -> ChangedAccountV1 {
    let entered = done(enter_account(way, on, account).await);
    done(confirm_account(way, on, EXAMINER, &entered).await)
}

async fn close(county: &County, on: Date, by: Id, level: &str, area: Id, period: &str) -> Result<ClosedV1> {
    let caller = staff(by);
    let input = CloseV1 {
        area: area.to_string(),
        level: level.into(),
        programme: county.service(),
        period: period.into(),
    };
    Ok(read(&county.office.close_month(&county.order(&caller, on), input).await?))
}

async fn prepare(county: &County, on: Date, period: &str) -> Result<PreparedV1> {
    let caller = staff(PREPARER);
    let input = PrepareV1 { area: COUNTY.to_string(), programme: county.service(), period: period.into() };
    Ok(read(&county.office.prepare_batch(&county.order(&caller, on), input).await?))
}

/// A batch on its way.
struct Sheaf<'a> {
    county: &'a County,
    id: Id,
    version: i64,
    root: String,
}

impl<'a> Sheaf<'a> {
    fn new(county: &'a County, prepared: &PreparedV1) -> Sheaf<'a> {
        let id = Id::parse(&prepared.batch).unwrap();
        Sheaf { county, id, version: prepared.version, root: prepared.root.clone() }
    }

    fn sign_off(&self) -> SignOffV1 {
        SignOffV1 { version: self.version, root: self.root.clone() }
    }

    async fn check(&mut self, on: Date, by: Id) -> Result<MovedV1> {
        let caller = staff(by);
        let bytes =
            self.county.office.check_batch(&self.county.order(&caller, on), self.id, self.sign_off()).await;
        self.moved(bytes)
    }

    async fn sign(&mut self, on: Date, by: Id) -> Result<MovedV1> {
        let caller = stepped_up(by, self.county.now(on));
        let bytes =
            self.county.office.sign_batch(&self.county.order(&caller, on), self.id, self.sign_off()).await;
        self.moved(bytes)
    }

    async fn send(&mut self, on: Date) -> Result<MovedV1> {
        let (caller, input) = (staff(PREPARER), BatchStepV1 { version: self.version, why: None });
        let bytes = self.county.office.send_batch(&self.county.order(&caller, on), self.id, input).await;
        self.moved(bytes)
    }

    async fn treasury(&mut self, on: Date) -> Result<MovedV1> {
        let caller = staff(FUND_REVIEWER);
        let input =
            TreasuryV1 { version: self.version, voucher: "拨字第7号".into(), paid_on: on.to_string() };
        let bytes = self.county.office.treasury_paid(&self.county.order(&caller, on), self.id, input).await;
        self.moved(bytes)
    }

    fn moved(&mut self, bytes: Result<Vec<u8>>) -> Result<MovedV1> {
        let moved: MovedV1 = read(&bytes?);
        self.version = moved.version;
        Ok(moved)
    }

    async fn answer(&mut self, on: Date, file: &str) -> Result<AnsweredV1> {
        let caller = staff(FUND_REVIEWER);
        let order = self.county.order(&caller, on);
        let answered: AnsweredV1 =
            read(&self.county.office.answer_batch(&order, self.id, file.as_bytes()).await?);
        self.version = answered.version;
        Ok(answered)
    }

    /// All the way to the bank.
    async fn reach_the_bank(&mut self, on: Date) {
        done(self.check(on, FUND_REVIEWER).await);
        assert_eq!(done(self.sign(on, SIGNER).await).state, "signed");
        done(self.send(on).await);
        assert_eq!(done(self.treasury(on).await).state, "paid");
    }

    async fn bank_file(&self, on: Date, csv: bool) -> Vec<u8> {
        let caller = stepped_up(PREPARER, self.county.now(on));
        done(self.county.office.bank_file(&self.county.order(&caller, on), self.id, csv).await).bytes
    }
}

/// A household that is granted, with an account.
async fn ready(county: &County) -> Way<'_> {
    let way = Way::begin(county).await;
    way.granted().await;
    with_account(&way, day(19), ACCOUNT).await;
    way
}

async fn a_grant_is_paid_comes_back_and_is_paid_again(county: &County) {
    let way = Way::begin(county).await;
    way.granted().await;
    let entered = done(enter_account(&way, day(19), ACCOUNT).await);
    let own = refused(confirm_account(&way, day(19), CLERK, &entered).await);
    assert_eq!(own.kind, Kind::Forbidden, "who enters an account does not confirm it");
    let confirmed = done(confirm_account(&way, day(19), EXAMINER, &entered).await);
    assert_eq!(
        (confirmed.state.as_str(), confirmed.usable_from.as_deref()),
        ("confirmed", Some("2026-09-19"))
    );

    assert_eq!(refused(prepare(county, day(24), "2026-10").await).code, "not_closed");
    done(close(county, day(22), EXAMINER, "township", TOWN, "2026-10").await);
    let far = refused(close(county, day(22), EXAMINER, "township", OTHER_TOWN, "2026-10").await);
    assert_eq!(far.kind, Kind::NotFound);
    done(close(county, day(24), PREPARER, "county", COUNTY, "2026-10").await);
    let again = refused(close(county, day(24), PREPARER, "county", COUNTY, "2026-10").await);
    assert_eq!(again.code, "closed_already");
    let leap = refused(close(county, day(24), PREPARER, "county", COUNTY, "2026-12").await);
    assert_eq!(leap.code, "closing_out_of_order");

    let prepared = done(prepare(county, day(24), "2026-10").await);
    let decided = done(county.office.what_now(&county.order(&staff(CLERK), day(24)), way.case).await);
    let amount = decided[0].decision.as_ref().unwrap().amount_fen.unwrap();
    assert_eq!((prepared.lines, prepared.grants, prepared.persons, prepared.amount_fen), (1, 1, 3, amount));
    assert_eq!((prepared.arrears_fen, prepared.unpaid_count), (0, 0));
    assert!(prepared.number.ends_with("-202610-1"), "{}", prepared.number);
    assert_eq!(refused(prepare(county, day(24), "2026-10").await).kind, Kind::Unmet);

    let mut sheaf = Sheaf::new(county, &prepared);
    assert_eq!(refused(sheaf.check(day(25), PREPARER).await).kind, Kind::Forbidden);
    let root = std::mem::replace(&mut sheaf.root, "0".repeat(64));
    assert_eq!(refused(sheaf.check(day(25), FUND_REVIEWER).await).code, "other_lines");
    sheaf.root = root;
    assert_eq!(refused(sheaf.sign(day(25), SIGNER).await).code, "batch_state");
    sheaf.reach_the_bank(day(25)).await;
    let file = sheaf.bank_file(day(26), false).await;
    assert_eq!(file, sheaf.bank_file(day(28), false).await, "the same bytes however often");
    let rows = table(&file).unwrap().rows;
    let line = rows.iter().find(|(_, cells)| cells[1].text() == "张三").unwrap();
    assert_eq!(
        (line.1[3].digits().as_deref(), line.1[5].money().map(|m| m.fen())),
        (Ok(ACCOUNT), Ok(amount))
    );

    let answered = done(sheaf.answer(day(28), "序号,处理结果,失败原因\n1,失败,账户已销户\n").await);
    assert_eq!((answered.state.as_str(), answered.paid, answered.returned_fen), ("returned", 0, amount));
    let again = |version| AgainV1 { version };
    let preparer = staff(PREPARER);
    let order = |on| county.order(&preparer, on);
    let uncorrected = refused(county.office.pay_again(&order(day(28)), sheaf.id, again(sheaf.version)).await);
    assert_eq!(uncorrected.code, "nothing_corrected");
    let corrected = with_account(&way, day(28), OTHER_ACCOUNT).await;
    assert_eq!(corrected.usable_from.as_deref(), Some("2026-10-01"), "a changed account waits some days");
    let new = refused(county.office.pay_again(&order(day(29)), sheaf.id, again(sheaf.version)).await);
    assert_eq!(new.code, "nothing_corrected");
    let october = Date::ymd(2026, 10, 9);
    let bytes = done(county.office.pay_again(&order(october), sheaf.id, again(sheaf.version)).await);
    let prepared: PreparedV1 = read(&bytes);
    assert_eq!((prepared.lines, prepared.amount_fen), (1, amount));
    let mut second = Sheaf::new(county, &prepared);
    second.reach_the_bank(october).await;
    let answered = done(second.answer(october, "序号,处理结果\n1,成功\n").await);
    assert_eq!((answered.state.as_str(), answered.paid, answered.returned), ("settled", 1, 0));
    it_is_seen(&way, sheaf.id, second.id, amount).await;
    county.is_true(october).await;
}

/// What everybody sees of it afterwards.
async fn it_is_seen(way: &Way<'_>, first: Id, second: Id, amount: i64) {
    let county = way.county;
    let on = Date::ymd(2026, 10, 9);
    let (reviewer, examiner, head) = (staff(FUND_REVIEWER), staff(EXAMINER), resident(way.people[0]));
    let office = &county.office;
    let page = done(office.batches(&county.order(&reviewer, on), &BatchesV1::default()).await);
    let states: Vec<&str> = page.batches.iter().map(|batch| batch.state.as_str()).collect();
    assert_eq!(states, ["settled", "settled"]);
    assert_eq!(page.batches[0].hands.len(), 3);
    // Two steps from a line of the bank's file to the article and the visitors.
    let line = done(office.bank_line(&county.order(&reviewer, on), second, 1).await);
    let payment = Id::parse(&line.lines[0].payment).unwrap();
    assert_eq!((line.lines[0].outcome.as_str(), line.lines[0].account.as_str()), ("paid", "****0025"));
    let trail = done(office.payment_trail(&county.order(&examiner, on), payment).await);
    assert_eq!((trail.case.as_deref(), trail.ground.as_str()), (Some(way.case.to_string().as_str()), "new"));
    let outcomes: Vec<&str> = trail.attempts.iter().map(|attempt| attempt.outcome.as_str()).collect();
    assert_eq!(outcomes, ["returned", "paid"]);
    assert!(trail.articles.iter().any(|article| article.zh.contains("社会救助法")), "{:?}", trail.articles);
    let visitors: Vec<&String> = trail.visits.iter().flat_map(|visit| &visit.visitors).collect();
    assert!(visitors.iter().any(|name| *name == "钱调查"), "{visitors:?}");
    let own = done(office.payment_trail(&county.order(&head, on), payment).await);
    assert_eq!(own.amount_fen, trail.amount_fen);
    let stranger = refused(office.payment_trail(&county.order(&resident(CLERK), on), payment).await);
    assert_eq!(stranger.kind, Kind::NotFound);
    let totals = done(office.totals(&county.order(&reviewer, on), first).await);
    assert_eq!((totals.amount_fen, totals.grants, totals.persons), (amount, 1, 3));
    assert_eq!(totals.components.iter().map(|sum| sum.amount_fen).sum::<i64>(), amount);
    assert_eq!(totals.places[0].area.as_deref(), Some(TOWN.to_string().as_str()));
    let moved = done(office.movements(&county.order(&reviewer, on), first, false).await);
    assert_eq!((moved.len(), moved[0].ground.as_str(), moved[0].from.as_str()), (1, "new", "2026-10"));
    for (name, kind, title) in ListKind::ALL {
        let (bytes, _) = done(office.list_sheet(&county.order(&reviewer, on), first, kind).await);
        let again = done(office.list_sheet(&county.order(&reviewer, on), first, kind).await).0;
        assert_eq!(bytes, again, "{name} is the same however often it is made");
        let rows = table(&bytes).unwrap().rows;
        assert!(rows[0].1[0].text().ends_with(title), "{:?}", rows[0]);
        let capital = rows.iter().any(|(_, cells)| cells[0].text().contains("大写"));
        assert!(capital, "{name}");
    }
    // Of the ledger: what people got is what the fund gave.
    let request = done(office.fund_request(&county.order(&reviewer, on), first).await);
    assert_eq!((request.pay_day.as_str(), request.fund.as_str()), ("2026-10-10", "relief"));
}

async fn after_the_closing_it_comes_with_the_next_month(county: &County) {
    // The month is closed before the decision is signed.
    done(close(county, day(17), PREPARER, "county", COUNTY, "2026-10").await);
    let way = ready(county).await;
    assert_eq!(refused(prepare(county, day(24), "2026-10").await).code, "nothing_due");
    let october = Date::ymd(2026, 10, 20);
    done(close(county, october, PREPARER, "county", COUNTY, "2026-11").await);
    let prepared = done(prepare(county, october, "2026-11").await);
    assert_eq!(prepared.arrears_fen * 2, prepared.amount_fen, "the month itself, and the one before it");
    let batch = Id::parse(&prepared.batch).unwrap();
    let reviewer = staff(FUND_REVIEWER);
    let late = done(county.office.arrears(&county.order(&reviewer, october), batch).await);
    assert_eq!((late.len(), late[0].from.as_str(), late[0].ground.as_str()), (1, "2026-10", "new"));
    // Sent back, its months are open again, and the same comes out under another number.
    let input = BatchStepV1 { version: prepared.version, why: Some("金额需核对".into()) };
    done(county.office.send_batch_back(&county.order(&reviewer, october), batch, input).await);
    let anew = done(prepare(county, october, "2026-11").await);
    assert_eq!((anew.amount_fen, anew.arrears_fen), (prepared.amount_fen, prepared.arrears_fen));
    assert!(anew.number.ends_with("-2") && anew.batch != prepared.batch);
    drop(way);
    county.is_true(october).await;
}

fn because() -> Vec<BecauseV1> {
    vec![BecauseV1 {
        text: "家庭收入已高于标准".into(),
        document: "social-assistance-law".into(),
        article: "第四十八条".into(),
    }]
}

async fn a_stop_takes_effect_after_its_notice_and_is_paid_back_when_overturned(county: &County) {
    let way = ready(county).await;
    let october = |day| Date::ymd(2026, 10, day);
    way.to("under_review", october(12), INVESTIGATOR, "begin_review", ActV1::Plain {}, vec![]).await;
    let visitors = vec![INVESTIGATOR.to_string(), SECOND.to_string()];
    let visit = ActV1::Visit { visitors };
    way.to("under_review", october(12), INVESTIGATOR, "visit", visit, numbered("visit_form", "second-visit"))
        .await;
    let stop = way.proposal("stop", because());
    way.to("change_proposed", october(13), EXAMINER, "propose_change", stop, vec![]).await;
    let hearing = HearingV1 {
        heard: way.people[0].to_string(),
        how: "上门".into(),
        said: "找到了工作".into(),
        answer: "据此提出停发".into(),
    };
    let heard = ActV1::Hear(hearing);
    way.to("change_proposed", october(14), EXAMINER, "hear", heard, evidence("hearing_record")).await;
    let ruling = way.ruling("stop", because(), &["second-visit"]);
    way.to("changing", october(15), CONFIRMER, "decide_change", ruling, vec![]).await;
    // Decided and not delivered: the amount runs on.
    done(close(county, october(16), PREPARER, "county", COUNTY, "2026-11").await);
    let november = done(prepare(county, october(16), "2026-11").await);
    let monthly = november.amount_fen - november.arrears_fen;
    assert!(monthly > 0 && november.arrears_fen == monthly, "October was never prepared, and comes with it");
    way.to("changing", october(19), CONFIRMER, "notify", ActV1::Notify { decision: 2 }, vec![]).await;
    let deliver = ActV1::Deliver { decision: 2, manner: "signed".into() };
    way.to("changing", october(20), EXAMINER, "deliver", deliver, numbered("delivery_receipt", "receipt-2"))
        .await;
    let effect = ActV1::TakeEffect { decision: 2 };
    way.to("ended", october(20), EXAMINER, "take_effect", effect, vec![]).await;
    let later = Date::ymd(2026, 11, 20);
    done(close(county, later, PREPARER, "county", COUNTY, "2026-12").await);
    assert_eq!(refused(prepare(county, later, "2026-12").await).code, "nothing_due");
    // Overturned: what is owed for the months between comes with the next roster.
    let command = anmin_app::record::act::CommandV1::Overturn {
        decision: 2,
        order: numbered("order", "review-order").remove(0),
    };
    let input = anmin_app::case::InstructionV1 { version: way.version.get(), duty: None, command, why: None };
    let confirmer = staff(CONFIRMER);
    done(county.office.instruct(&county.order(&confirmer, later.add_days(3)), way.case, input).await);
    let december = Date::ymd(2026, 12, 20);
    done(close(county, december, PREPARER, "county", COUNTY, "2027-01").await);
    let january = done(prepare(county, december, "2027-01").await);
    assert_eq!((january.amount_fen, january.arrears_fen), (2 * monthly, monthly));
    let batch = Id::parse(&january.batch).unwrap();
    let reviewer = staff(FUND_REVIEWER);
    let late = done(county.office.arrears(&county.order(&reviewer, december), batch).await);
    assert_eq!((late[0].ground.as_str(), late[0].from.as_str()), ("overturned", "2026-12"));
    county.is_true(december).await;
}

async fn a_bank_s_file_that_does_not_fit_is_refused_whole(county: &County) {
    let _way = ready(county).await;
    done(close(county, day(24), PREPARER, "county", COUNTY, "2026-10").await);
    let prepared = done(prepare(county, day(24), "2026-10").await);
    let mut sheaf = Sheaf::new(county, &prepared);
    assert_eq!(refused(sheaf.answer(day(25), "序号,处理结果\n1,成功\n").await).code, "batch_state");
    sheaf.reach_the_bank(day(25)).await;
    for (file, code, told) in [
        ("", "file_unread", ""),
        ("姓名,结果\n张三,成功\n", "file_without_head", ""),
        ("序号,处理结果\n1,成功\n2,成功\n", "file_refused", "本批次没有序号 2"),
        ("序号,处理结果\n1,成功\n1,成功\n", "file_refused", "已在第 2 行出现"),
        ("序号,处理结果\n", "file_refused", "缺少序号 1"),
        ("序号,处理结果\n1,也许\n", "file_refused", "也许"),
        ("序号,账号,处理结果\n1,6.22202E+18,成功\n", "file_refused", "4.6E+17"),
        ("序号,账号,处理结果\n1,6222020000000000025,成功\n", "file_refused", "账号与序号 1 报送的不同"),
        ("序号,金额,处理结果\n1,0.01,成功\n", "file_refused", "金额为 0.01"),
    ] {
        let refusal = refused(sheaf.answer(day(28), file).await);
        assert_eq!(refusal.code, code, "{file}");
        assert!(
            told.is_empty() || refusal.fields.iter().any(|field| field.zh.contains(told)),
            "{:?}",
            refusal.fields
        );
    }
    let caller = staff(FUND_REVIEWER);
    let seen = done(county.office.batch(&county.order(&caller, day(28)), sheaf.id).await);
    assert_eq!((seen.state.as_str(), seen.version), ("paid", sheaf.version), "nothing of it was taken");
    let whole = format!(
        "序号,账号,金额,处理结果\n1,{ACCOUNT},{}.{:02},成功\n合计,,,\n",
        prepared.amount_fen / 100,
        prepared.amount_fen % 100
    );
    assert_eq!(done(sheaf.answer(day(28), &whole).await).state, "settled");
    county.is_true(day(28)).await;
}

async fn a_resident_sees_what_was_paid_and_nobody_else_s(county: &County) {
    let way = ready(county).await;
    done(close(county, day(24), PREPARER, "county", COUNTY, "2026-10").await);
    let prepared = done(prepare(county, day(24), "2026-10").await);
    let (head, other) = (resident(way.people[0]), resident(way.people[1]));
    let office = &county.office;
    let own = done(office.own_payments(&county.order(&head, day(24))).await);
    assert!(own.months.is_empty(), "nothing is promised before it is signed");
    assert_eq!(own.account.map(|account| account.account).as_deref(), Some("****0017"));
    let mut sheaf = Sheaf::new(county, &prepared);
    sheaf.reach_the_bank(day(25)).await;
    let own = done(office.own_payments(&county.order(&head, day(25))).await);
    assert_eq!((own.months.len(), own.months[0].state.as_str()), (1, "sent"));
    let reviewer = staff(FUND_REVIEWER);
    let order = county.order(&reviewer, day(28));
    let file = "序号,处理结果,失败原因\n1,失败,账户已销户\n";
    let preview = done(office.preview_answer(&order, sheaf.id, file.as_bytes()).await);
    assert_eq!((preview.paid, preview.returned.len(), preview.returned_fen), (0, 1, prepared.amount_fen));
    let wrong = refused(office.preview_answer(&order, sheaf.id, "序号,处理结果\n2,成功\n".as_bytes()).await);
    assert_eq!(wrong.code, "file_refused");
    assert_eq!(done(office.batch(&order, sheaf.id).await).state, "paid", "looked at, not taken");
    done(sheaf.answer(day(28), file).await);
    let own = done(office.own_payments(&county.order(&head, day(28))).await);
    let month = &own.months[0];
    assert_eq!((month.state.as_str(), month.reason.as_deref()), ("returned", Some("账户已销户")));
    assert_eq!((month.amount_fen, month.period.as_str()), (prepared.amount_fen, "2026-10"));
    assert_eq!(month.parts.iter().map(|part| part.amount_fen).sum::<i64>(), month.amount_fen);
    assert_eq!(own.grants[0].case, way.case.to_string());
    assert!(own.grants[0].articles.iter().any(|article| article.zh.contains("社会救助法")));
    assert!(done(office.own_payments(&county.order(&other, day(28))).await).months.is_empty());
    // Those at the counter learn whose account is to be corrected, those who pay what it waits for.
    let clerk = staff(CLERK);
    let waiting = done(office.accounts_waiting(&county.order(&clerk, day(28))).await);
    assert_eq!((waiting.returned.len(), waiting.proposed.len(), waiting.missing.len()), (1, 0, 0));
    assert_eq!(waiting.returned[0].case, way.case.to_string());
    let back = done(office.returned(&order, sheaf.id).await);
    assert_eq!((back.ready, back.lines[0].waits.as_deref()), (0, Some("account_not_corrected")));
    let entered = done(enter_account(&way, day(28), OTHER_ACCOUNT).await);
    let waiting = done(office.accounts_waiting(&county.order(&staff(EXAMINER), day(28))).await);
    assert_eq!(waiting.proposed[0].account.as_deref(), Some(entered.account.as_str()));
    done(confirm_account(&way, day(28), EXAMINER, &entered).await);
    assert!(done(office.accounts_waiting(&county.order(&clerk, day(28))).await).returned.is_empty());
    let october = Date::ymd(2026, 10, 9);
    assert_eq!(done(office.returned(&county.order(&reviewer, october), sheaf.id).await).ready, 1);
    // Who handles money learns on what a payment rests, and nothing of the household.
    let rows = done(office.roster_rows(&order, sheaf.id, 1).await);
    assert_eq!((rows.lines, rows.rows[0].amount_fen, rows.next), (1, prepared.amount_fen, None));
    let line = done(office.bank_line(&order, sheaf.id, 1).await);
    let trail = done(office.payment_trail(&order, Id::parse(&line.lines[0].payment).unwrap()).await);
    assert_eq!((trail.case, trail.reason), (None, None));
    assert!(!trail.articles.is_empty() && !trail.visits.is_empty());
    county.is_true(october).await;
}

async fn whoever_handles_money_sees_no_case(county: &County) {
    let way = ready(county).await;
    for person in [PREPARER, FUND_REVIEWER, SIGNER] {
        let caller = staff(person);
        let order = || county.order(&caller, day(20));
        assert_eq!(refused(county.office.show_case(&order(), way.case).await).kind, Kind::Forbidden);
        assert_eq!(refused(county.office.accounts(&order(), way.people[0]).await).kind, Kind::Forbidden);
    }
    let clerk = staff(CLERK);
    let seen = done(county.office.accounts(&county.order(&clerk, day(20)), way.people[0]).await);
    assert_eq!((seen.accounts.len(), seen.accounts[0].account.as_deref()), (1, Some(ACCOUNT)));
    let head = resident(way.people[0]);
    let own = done(county.office.accounts(&county.order(&head, day(20)), way.people[0]).await);
    assert_eq!(own.accounts[0].state, "confirmed");
    let stranger = resident(way.people[1]);
    let hidden = county.office.accounts(&county.order(&stranger, day(20)), way.people[0]).await;
    assert_eq!(refused(hidden).kind, Kind::NotFound);
    // Nobody but the money's own people makes a batch.
    let input = PrepareV1 { area: COUNTY.to_string(), programme: county.service(), period: "2026-10".into() };
    let confirmer = staff(CONFIRMER);
    let made = county.office.prepare_batch(&county.order(&confirmer, day(20)), input).await;
    assert_eq!(refused(made).kind, Kind::Forbidden);
    let bad = NewAccountV1 {
        case: way.case.to_string(),
        kind: "guardian".into(),
        account: "12".into(),
        bank: String::new(),
        holder: String::new(),
        paper: None,
    };
    let wrong =
        refused(county.office.enter_account(&county.order(&clerk, day(20)), way.people[0], bad).await);
    assert_eq!(wrong.fields.len(), 4, "{:?}", wrong.fields);
}
