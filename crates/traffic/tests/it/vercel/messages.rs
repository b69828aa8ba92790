//! What an operator reads when the platform does not answer as it should. Each says whether anything changed.

use std::fmt::Write as _;

use handover_traffic::control::Token;
use handover_traffic::logbook::{Logbook, WithLogbook};
use handover_traffic::testkit::standin::vercel::{VercelMishap, VercelOn};
use handover_traffic::vercel::{VercelClient, VercelOptions, VercelPromote};
use handover_traffic::{Split, SwitchError, TrafficSwitcher};

use super::{Shop, change, options, shown};

const SECRET: &str = "s3cret-of-somebody";

async fn with_options(shop: &Shop, options: VercelOptions) -> SwitchError {
    let book = Logbook::in_memory();
    shop.keep(&book).await;
    let traffic = WithLogbook::new(VercelPromote::new(VercelClient::new(options).unwrap()), book);
    traffic.apply(&change("shift", Split::ALL_GREEN)).await.unwrap_err()
}

#[tokio::test]
async fn a_wrong_token_is_said_and_never_shown() {
    let shop = Shop::open().await;
    let mut wrong = options(&shop.standin);
    wrong.token = Token::new(SECRET).unwrap();
    let client = format!("{:?}", VercelClient::new(wrong.clone()).unwrap());
    let error = with_options(&shop, wrong).await;
    insta::assert_snapshot!(shown(&error), @"
    vercel refused the change
      because: the token was not accepted for project shop of team my-team (status 403: forbidden: Not authorized): it is wrong, has expired, or is not of this team
    ");
    for text in [format!("{error:?}"), shown(&error), client] {
        assert!(!text.contains(SECRET), "{text}");
    }
}

#[tokio::test]
async fn a_missing_project_a_wrong_team_and_a_missing_team_are_said() {
    let shop = Shop::open().await;
    let mut nameless = options(&shop.standin);
    nameless.project = "shoop".to_owned();
    let mut teamless = options(&shop.standin);
    teamless.team = None;
    let stranger = options(&shop.standin).with_team("their-team");
    let mut text = String::new();
    for options in [nameless, teamless, stranger] {
        text.push_str(&shown(&with_options(&shop, options).await));
        text.push('\n');
    }
    insta::assert_snapshot!(text, @"
    vercel refused the change
      because: not found for project shoop of team my-team (status 404: not_found: Project not found.): check the names of project and team
    vercel refused the change
      because: not found for project shop of the token's own account (status 404: not_found: Project not found.): check the names of project and team
    vercel refused the change
      because: the token was not accepted for project shop of team their-team (status 403: forbidden: Not authorized): it is wrong, has expired, or is not of this team
    ");
    assert!(shop.writes().is_empty());
}

/// What becomes of a change whose reading, or whose writing, is answered like this.
async fn answered(on: VercelOn, mishap: VercelMishap) -> String {
    let shop = Shop::open().await;
    let traffic = shop.promoting(Logbook::in_memory()).await;
    shop.standin.strike(on, mishap);
    match traffic.apply(&change("shift", Split::ALL_GREEN)).await {
        Ok(_) => "it was made".to_owned(),
        Err(error) => shown(&error),
    }
}

#[tokio::test]
async fn nonsense_instead_of_a_reading_changed_nothing() {
    let mut text = String::new();
    for mishap in
        [VercelMishap::Html, VercelMishap::Empty, VercelMishap::Truncated, VercelMishap::Status(503)]
    {
        writeln!(text, "{mishap:?}: {}", answered(VercelOn::Nth(0), mishap).await).unwrap();
    }
    insta::assert_snapshot!(text, @"
    Html: vercel refused the change
      because: a page of HTML instead of JSON (status 200): expected value at line 1 column 1
    Empty: vercel refused the change
      because: an empty answer (status 200): EOF while parsing a value at line 1 column 0
    Truncated: vercel refused the change
      because: an answer that is not as published: EOF while parsing an object at line 1 column 504
    Status(503): vercel could not be reached
      because: status 503, without a word
    ");
}

#[tokio::test]
async fn no_clear_answer_to_a_change_is_unknown() {
    let mut text = String::new();
    for mishap in [VercelMishap::Status(500), VercelMishap::TooMany(7), VercelMishap::Status(403)] {
        writeln!(text, "{mishap:?}: {}", answered(VercelOn::Write, mishap).await).unwrap();
    }
    insta::assert_snapshot!(text, @"
    Status(500): vercel did not confirm
      because: status 500, without a word
    TooMany(7): vercel asks to wait 7s
    Status(403): vercel refused the change
      because: the token was not accepted for project shop of team my-team (status 403, without a word): it is wrong, has expired, or is not of this team
    ");
    for mishap in [VercelMishap::LostAnswer, VercelMishap::Reset] {
        let said = answered(VercelOn::Write, mishap).await;
        assert!(said.starts_with("vercel did not confirm within"), "{said}");
    }
}

#[tokio::test]
async fn the_body_of_an_accepted_promotion_does_not_matter() {
    for mishap in [VercelMishap::Html, VercelMishap::Empty] {
        assert_eq!(answered(VercelOn::Write, mishap).await, "it was made");
    }
}

#[tokio::test]
async fn a_deployment_that_is_not_ready_not_for_production_or_unknown_is_refused() {
    let shop = Shop::open().await;
    let preview = shop.standin.preview("shop", "r3");
    let mut text = String::new();
    for (target, says) in [(&shop.green, Some("BLOCKED")), (&preview, None), (&"dpl_none".to_owned(), None)] {
        if let Some(says) = says {
            shop.standin.pretend(target, says);
        }
        let book = Logbook::in_memory();
        let traffic = shop.promoting(book.clone()).await;
        book.assign(handover_core::Slot::Green, Some(target.clone())).await.unwrap();
        text.push_str(&shown(&traffic.apply(&change("shift", Split::ALL_GREEN)).await.unwrap_err()));
        text.push('\n');
    }
    insta::assert_snapshot!(text, @"
    vercel refused the change
      because: deployment dpl_00000002 (shop-00000002.example) is BLOCKED, not READY
    vercel refused the change
      because: deployment dpl_00000004 (shop-00000004.example) was built for a preview: promoting it would build it anew, with production's variables, so what was tested is not what users would get
    vercel refused the change
      because: not found for project shop of team my-team (status 404: not_found: Deployment not found.): check the names of project and team
    ");
    assert!(shop.writes().is_empty());
}
