//! The form of a step of a batch: what is checked or signed is what is shown.

use super::{batch, cycle, month, yuan};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, Went, form};
use crate::pages::form::{Choice, Field, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::Crumbs;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::Words;
use anmin_app::money::{
    AgainV1, BatchStepV1, BatchV1, MovedV1, PreparedV1, ReturnedV1, SignOffV1, TreasuryV1,
};
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    form("/money/batches/{batch}/do/{step}", show, save)
        .called("page_batch_step", "do_batch_step")
        .may(&["batch_prepare", "batch_review", "batch_sign", "batch_send"], &[])
        .key(Key::OfPath("step"))
        .routes()
        .into()
}

/// The commands that have a form here, each with the state it starts from.
const COMMANDS: [(&str, &str); 6] = [
    ("check_batch", "check"),
    ("sign_batch", "sign"),
    ("send_batch_back", "send_back"),
    ("send_batch", "send"),
    ("treasury_paid", "treasury_paid"),
    ("pay_again", "pay_again"),
];

fn key_of(asked: &Asked) -> Result<&'static str, Problem> {
    let step = asked.text("step");
    let found = COMMANDS.iter().find(|(command, _)| *command == step);
    found.map(|(_, key)| *key).ok_or_else(Problem::not_found)
}

#[derive(Debug, Template)]
#[template(path = "money/step.html")]
struct StepPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    batch: BatchV1,
    about: String,
    month: String,
    amount: String,
    arrears: String,
    fields: Vec<Field>,
    button: String,
    against: bool,
    returned: Option<ReturnedV1>,
}

async fn show(asked: Asked, _: NoQuery, form: Form) -> Result<Html, Problem> {
    let (t, key) = (asked.words(), key_of(&asked)?);
    let batch = asked.office().batch(&asked.order()?, asked.id("batch")?).await?;
    let mut form = form.keyed(&asked, asked.text("step"))?;
    form.put("version", batch.version.to_string());
    form.put("root", batch.root.clone());
    let short = batch.root.get(..12).unwrap_or_default();
    let looked = || {
        let label = t.text("money-step-looked-root").arg("root", short).to_string();
        form.boxes("looked", "money-step-looked", &[Choice::new("yes", label)])
    };
    let fields = match key {
        "check" | "sign" => vec![looked()],
        "send_back" => vec![form.lines("why", "money-step-why").hint("money-step-why-hint").most(500)],
        "treasury_paid" => vec![
            form.text("voucher", "money-step-voucher").hint("money-step-voucher-hint").width(20).most(100),
            form.date("paid_on", "money-step-paid-on").width(10),
        ],
        _ => Vec::new(),
    };
    let returned = match key {
        "pay_again" => Some(asked.office().returned(&asked.order()?, asked.id("batch")?).await?),
        _ => None,
    };
    let dashed = key.replace('_', "-");
    let title = t.text(format!("money-do-{dashed}"));
    let shell = asked.shell(title).await?.wrong(form.is_wrong());
    Html::of(&StepPage {
        t,
        crumbs: batch::above(t, &batch),
        about: t.text(format!("money-about-{dashed}")).to_string(),
        month: month(t, &batch.period),
        amount: yuan(batch.amount_fen),
        arrears: yuan(batch.arrears_fen),
        button: t.text(format!("money-do-{dashed}")).to_string(),
        against: key == "send_back",
        batch,
        form,
        fields,
        returned,
        shell,
    })
}

async fn save(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Went, Problem> {
    let (key, id) = (key_of(&asked)?, asked.id("batch")?);
    let (office, order) = (asked.office(), asked.order()?);
    let version = posted.get("version").and_then(|text| text.parse().ok()).unwrap_or_default();
    let mut read = posted.read();
    let done: MovedV1 = match key {
        "check" | "sign" => {
            if posted.get("looked") != Some("yes") {
                read.wrong("looked", "money-wrong-looked");
            }
            read.done()?;
            let input = SignOffV1 { version, root: posted.get("root").unwrap_or_default().to_owned() };
            match key {
                "check" => asked.once(office.check_batch(&order, id, input)).await?,
                _ => asked.once(office.sign_batch(&order, id, input)).await?,
            }
        }
        "send_back" => {
            let why = posted.get("why").map(str::to_owned);
            asked.once(office.send_batch_back(&order, id, BatchStepV1 { version, why })).await?
        }
        "send" => asked.once(office.send_batch(&order, id, BatchStepV1 { version, why: None })).await?,
        "treasury_paid" => {
            let (voucher, paid_on) = (read.text("voucher"), read.day("paid_on"));
            read.done()?;
            let paid_on = paid_on.map(|day| day.to_string()).unwrap_or_default();
            let input = TreasuryV1 { version, voucher, paid_on };
            asked.once(office.treasury_paid(&order, id, input)).await?
        }
        _ => {
            let made: PreparedV1 = asked.once(office.pay_again(&order, id, AgainV1 { version })).await?;
            return Ok(cycle::prepared(&asked, made).await?.into());
        }
    };
    let to = format!("/money/batches/{}", done.batch);
    Ok(Turn::to(to).saying(&format!("done-batch-{}", key.replace('_', "-"))).into())
}
