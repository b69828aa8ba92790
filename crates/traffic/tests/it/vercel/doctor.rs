//! What an examination finds.

use std::fmt::Write as _;

use handover_traffic::control::Token;
use handover_traffic::doctor::Finding;
use handover_traffic::testkit::standin::vercel::{Plan, VercelSetup};
use handover_traffic::vercel::examine;

use super::{Shop, client, options};

fn listed(findings: &[Finding]) -> String {
    findings.iter().fold(String::new(), |mut text, it| {
        writeln!(text, "{:?} {}: {}", it.verdict, it.name, it.found).unwrap();
        if let Some(next) = &it.next {
            writeln!(text, "  next: {next}").unwrap();
        }
        text
    })
}

#[tokio::test]
async fn a_project_in_good_order_is_all_well() {
    let shop = Shop::in_stages().await;
    let found = examine(&options(&shop.standin), &[500, 5_000, 10_000]).await;
    insta::assert_snapshot!(listed(&found), @"
    Ok token: it is standin's (standin@example.com)
    Ok project: shop (prj_shop): production serves dpl_00000001
    Ok auto-assign: production builds are staged until they are promoted
    Ok plan: rolling releases: unlimited_slots
    Ok stages: the project's stages are 5 %, 50 %
    ");
}

#[tokio::test]
async fn what_would_stand_in_the_way_is_refused_with_what_to_do() {
    let shop = Shop::with(VercelSetup::default().with_plan(Plan::Hobby)).await;
    shop.standin.assign_by_itself("shop", true);
    let found = examine(&options(&shop.standin), &[1_000]).await;
    insta::assert_snapshot!(listed(&found), @"
    Ok token: it is standin's (standin@example.com)
    Ok project: shop (prj_shop): production serves dpl_00000002
    Refuse auto-assign: each production build takes all traffic at once, before anybody has looked at it
      next: set autoAssignCustomDomains to false, so that builds are staged
    Refuse plan: the plan has no rolling releases (Rolling releases need Pro or Enterprise.): choose Pro or Enterprise, or promote at once
      next: plan without shares, all at once
    ");
    client(&shop.standin).assign_domains_by_itself(false).await.unwrap();
    let found = examine(&options(&shop.standin), &[]).await;
    insta::assert_snapshot!(listed(&found), @"
    Ok token: it is standin's (standin@example.com)
    Ok project: shop (prj_shop): production serves dpl_00000002
    Ok auto-assign: production builds are staged until they are promoted
    Warn plan: the plan has no rolling releases (Rolling releases need Pro or Enterprise.): choose Pro or Enterprise, or promote at once
      next: nothing, as long as releases go out all at once
    ");
}

#[tokio::test]
async fn a_share_that_no_stage_has_is_refused() {
    let shop = Shop::in_stages().await;
    let found = examine(&options(&shop.standin), &[1_000, 5_000]).await;
    insta::assert_snapshot!(listed(&found[3..]), @"
    Ok plan: rolling releases: unlimited_slots
    Refuse stages: the project's stages are 5 %, 50 %; the plan has 10 %, 50 %
      next: configure stages of 10 %, 50 %, or plan with those there are
    ");
}

#[tokio::test]
async fn a_token_that_is_none_ends_the_examination() {
    let shop = Shop::open().await;
    let mut wrong = options(&shop.standin);
    wrong.token = Token::new("s3cret").unwrap();
    insta::assert_snapshot!(listed(&examine(&wrong, &[]).await), @"
    Refuse token: vercel refused the change: the token was not accepted for project shop of team my-team (status 403: forbidden: Not authorized): it is wrong, has expired, or is not of this team
      next: set a token of this team, and the project's name
    ");
}
