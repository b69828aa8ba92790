//! Several backends in one table.

use handover_traffic::testkit::mutants::{Flaw, Mutant};
use handover_traffic::testkit::{Matrix, Model, report, schedules};
use handover_traffic::{Capabilities, InMemory, Weights};

#[tokio::test(start_paused = true)]
async fn the_matrix_is_a_table_with_a_note_for_each_thing_not_claimed() {
    let bare = InMemory::with(Capabilities::new(Weights::AllOrNothing));
    let matrix = Matrix::new()
        .with("the model", report(&Model::new()).await)
        .with_schedules(schedules(&Model::new(), 0..50).await)
        .with("all or nothing", report(&bare).await);
    assert!(matrix.is_sound());
    insta::assert_snapshot!(matrix, @"
    | promise                 | the model       | all or nothing  |
    |---|---|---|
    | 1 read your change      | held            | not claimed [1] |
    | 2 all or nothing        | held            | held            |
    | 3 compare and set       | held            | not claimed [2] |
    | 4 refuse early          | not claimed [3] | not claimed [4] |
    | 5 say what is not known | held            | not claimed [5] |
    | 6 once                  | held            | held            |
    | 7 fence                 | held            | not claimed [6] |
    | 8 the way back is open  | held            | held            |
    | 9 clean is clean        | held            | not claimed [7] |
    | 10 others' things stay  | held            | not claimed [8] |
    | under faults            | held (50)       | not run         |

    - [1] not claimed: read-back: what was observed may be what was asked for
    - [2] not claimed: compare-and-set
    - [3] not claimed: a limit: it expresses every route
    - [4] not claimed: a count of what is sent (it was refused and changed nothing)
    - [5] not claimed: a path without answers
    - [6] not claimed: fencing: the lease is checked before each call, best effort
    - [7] not claimed: a drain
    - [8] not claimed: a sight of what belongs to others
    ");
}

#[tokio::test(start_paused = true)]
async fn what_is_broken_stands_out_and_says_how() {
    let mutant = Mutant::new(Flaw::Hurries);
    let matrix = Matrix::new().with("a mutant", report(&mutant).await);
    assert!(!matrix.is_sound());
    let text = matrix.to_string();
    assert!(text.contains("| 9 clean is clean        | BROKEN [2]      |"), "{text}");
    insta::assert_snapshot!(text.lines().last().unwrap(), @"- [2] BROKEN: wanted TimedOut with one request open, got Clean { waited: 0ns }");
}

#[tokio::test(start_paused = true)]
async fn a_broken_schedule_makes_the_matrix_unsound() {
    let (sound, unsound) = (report(&InMemory::new()).await, Mutant::new(Flaw::Forgets));
    let matrix = Matrix::new().with("it", sound).with_schedules(schedules(&unsound, 0..50).await);
    assert!(!matrix.is_sound());
}
