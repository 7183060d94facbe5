//! Areas as a tree, each with its units.

use super::{OPERATE, PLACES, Sections, may};
use crate::asked::Asked;
use crate::page::{Html, page};
use crate::pages::layout::Shell;
use crate::pages::parts::{Empty, Tag, Tone};
use crate::problem::Problem;
use crate::route::Route;
use crate::words::Words;
use anmin_app::staff::{AreaLineV1, PlacesV1, UnitLineV1};
use anmin_base::date::Date;
use askama::Template;
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) fn routes() -> Vec<Route> {
    vec![page("/admin/places", show).called("page_places").may(PLACES, &[])]
}

/// Which of them.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WhichV1 {
    /// Only what lies below this area, itself included.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    under: Option<String>,
    /// `ended`: those that have ended too.
    show: Option<String>,
}

/// An area on the tree.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub area: String,
    pub name: String,
    pub code: String,
    pub from: String,
    pub to: Option<String>,
    /// Itself and what lies above it, from the top down.
    pub above: Vec<String>,
}

/// The areas that have not ended, in the order of the tree; an ended one stands at the top with nothing below it.
pub(super) fn tree(places: &PlacesV1, on: Date) -> Vec<Node> {
    let mut nodes = Vec::new();
    let live = |area: &&AreaLineV1| area.to.as_ref().is_none_or(|to| to.as_str() >= on.to_string().as_str());
    let known = |id: &String| places.areas.iter().filter(live).any(|area| area.area == *id);
    let tops =
        places.areas.iter().filter(live).filter(|area| area.above.as_ref().is_none_or(|id| !known(id)));
    let mut tops: Vec<&AreaLineV1> = tops.collect();
    tops.sort_by(|a, b| a.code.cmp(&b.code));
    for top in tops {
        below(places, on, top, &[], &mut nodes);
    }
    nodes
}

/// Trees deeper than this are none of ours.
const DEEPEST: usize = 8;

fn below(places: &PlacesV1, on: Date, area: &AreaLineV1, above: &[String], nodes: &mut Vec<Node>) {
    let mut line = above.to_vec();
    line.push(area.area.clone());
    nodes.push(Node {
        area: area.area.clone(),
        name: area.name.clone(),
        code: area.code.clone(),
        from: area.from.clone(),
        to: area.to.clone(),
        above: line.clone(),
    });
    if line.len() >= DEEPEST {
        return;
    }
    let live = |area: &&AreaLineV1| area.to.as_ref().is_none_or(|to| to.as_str() >= on.to_string().as_str());
    let mut children: Vec<&AreaLineV1> =
        places.areas.iter().filter(live).filter(|child| child.above.as_ref() == Some(&area.area)).collect();
    children.sort_by(|a, b| a.code.cmp(&b.code));
    for child in children {
        below(places, on, child, &line, nodes);
    }
}

/// A line of the tree.
#[derive(Clone, Debug)]
struct Line {
    id: String,
    name: String,
    code: String,
    depth: usize,
    /// How many areas lie directly below.
    below: usize,
    units: Vec<(String, String)>,
    state: Option<Tag>,
}

#[derive(Debug, Template)]
#[template(path = "admin/places.html")]
struct PlacesPage {
    t: Words,
    shell: Shell,
    sections: Sections,
    operates: bool,
    lines: Vec<Line>,
    above: Vec<(String, String)>,
    ended: Vec<(String, String, String)>,
    shows_ended: bool,
    empty: Empty,
}

/// Of a tree with more areas only two levels are shown, and the rest by going down.
const MOST: usize = 150;

async fn show(asked: Asked, ask: WhichV1) -> Result<Html, Problem> {
    let (t, on) = (asked.words(), asked.now.on);
    let places = asked.office().places(&asked.order()?).await?;
    let nodes = tree(&places, on);
    let top = nodes.iter().find(|node| Some(&node.area) == ask.under.as_ref());
    let base = top.map_or(0, |node| node.above.len() - 1);
    let deep = if nodes.len() > MOST { base + 2 } else { usize::MAX };
    let within = |node: &&Node| {
        ask.under.as_ref().is_none_or(|under| node.above.contains(under)) && node.above.len() <= deep
    };
    let live = |unit: &&UnitLineV1| unit.to.as_ref().is_none_or(|to| to.as_str() >= on.to_string().as_str());
    let line = |node: &Node| Line {
        id: node.area.clone(),
        name: node.name.clone(),
        code: node.code.clone(),
        depth: node.above.len() - base,
        below: nodes
            .iter()
            .filter(|n| n.above.len() == node.above.len() + 1 && n.above.contains(&node.area))
            .count(),
        units: places
            .units
            .iter()
            .filter(live)
            .filter(|unit| unit.area == node.area)
            .map(|unit| (unit.unit.clone(), unit.name.clone()))
            .collect(),
        state: match (&node.to, node.from.as_str() > on.to_string().as_str()) {
            (Some(to), _) => Some(t.tag(
                Tone::Soon,
                crate::words::Say::Text(t.text("admin-ends").arg("day", t.day(to)).to_string()),
            )),
            (None, true) => Some(t.tag(Tone::Note, "admin-post-to-come")),
            (None, false) => None,
        },
    };
    let lines = nodes.iter().filter(within).map(line).collect();
    let name = |id: &String| nodes.iter().find(|n| n.area == *id).map(|n| n.name.clone()).unwrap_or_default();
    let above =
        top.map(|node| node.above.iter().map(|id| (id.clone(), name(id))).collect()).unwrap_or_default();
    let past = |area: &&AreaLineV1| area.to.as_ref().is_some_and(|to| to.as_str() < on.to_string().as_str());
    let told =
        |area: &AreaLineV1| (area.name.clone(), area.code.clone(), area.to.clone().unwrap_or_default());
    let shell = asked.shell("admin-places").await?;
    Html::of(&PlacesPage {
        t,
        shell,
        sections: Sections::of(&asked, "/admin/places"),
        operates: may(&asked, OPERATE),
        lines,
        above,
        ended: places.areas.iter().filter(past).map(told).collect(),
        shows_ended: ask.show.as_deref() == Some("ended"),
        empty: Empty::new(t, "admin-places-none", "admin-places-none-more"),
    })
}
