//! What survives a restart of the local product, and what does not.

use local::options::Options;
use tests::photos;
use tests::world::World;

fn kept_in(folder: &std::path::Path) -> Options {
    Options {
        port: 0,
        data: Some(folder.to_owned()),
        ..Options::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn state_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::with(kept_in(folder.path())).await;
    let ana = world.patient("ana").await;
    assert_eq!(ana.predict(photos::face()).await.status, 200);
    world.message(&ana.email, "Welcome to Polyclinic").await;
    world.product.stop().await;

    let world = World::with(kept_in(folder.path())).await;
    let again = world.log_in("ana", &ana.password).await;
    let list = again.predictions().await;
    assert_eq!(list.len(), 1);
    assert_eq!(world.follow(list[0]["imageUrl"].as_str().unwrap()).await.status, 200);
    world.message(&ana.email, "Welcome to Polyclinic").await;
    // The token of before is as good as ever: the keys are the same.
    let request = world
        .request(reqwest::Method::GET, "/api/users/me")
        .bearer_auth(&ana.token);
    assert_eq!(tests::world::send(request).await.status, 200);
    world.product.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_forgets_everybody() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::with(kept_in(folder.path())).await;
    world.patient("ana").await;
    world.product.stop().await;
    let world = World::with(Options {
        reset: true,
        ..kept_in(folder.path())
    })
    .await;
    world.patient("ana").await;
    world.product.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_seeded_people_can_sign_in() {
    let world = World::new().await;
    for sign_in in world.product.sign_ins.clone() {
        assert_eq!(
            world.log_in(&sign_in.email, &sign_in.password).await.email,
            sign_in.email
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_folder_belongs_to_one_process_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let held = local::data_folder::lock(folder.path()).unwrap();
    let error = local::data_folder::lock(folder.path()).unwrap_err();
    assert!(error.to_string().contains("another process uses this data folder"));
    drop(held);
    World::with(kept_in(folder.path())).await.product.stop().await;
}
