//! From a photo to an answer, and who may see it.

use serde_json::{Value, json};
use tests::photos;
use tests::world::World;

const LABELS: [&str; 6] = ["Acne", "Melanoma", "Normal", "Perioral Dermatitis", "Rosacea", "Warts"];

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_of_a_face_gets_an_answer_that_is_kept_with_its_picture() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let answer = ana.predict(photos::face()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let answer = answer.json();

    let label = answer["predicted_label"].as_str().unwrap();
    let confidence = answer["confidence_score"].as_f64().unwrap();
    let probabilities = answer["all_probabilities"].as_object().unwrap();
    assert_eq!(probabilities.keys().map(String::as_str).collect::<Vec<_>>(), LABELS);
    assert_eq!(probabilities[label].as_f64().unwrap(), confidence);
    let sum: f64 = probabilities.values().filter_map(Value::as_f64).sum();
    assert!((sum - 1.0).abs() < 0.005, "{sum}");
    assert!(["low", "moderate", "high"].contains(&answer["certainty"].as_str().unwrap()));
    assert_eq!(answer["model"]["weights_sha256"].as_str().unwrap().len(), 64);
    let day = jiff::Timestamp::now().strftime("%y%m%d").to_string();
    assert_eq!(answer["report_id"], format!("FacialDerma-{day}-0001"));

    let list = ana.predictions().await;
    assert_eq!(list.len(), 1);
    assert_eq!(list[0]["userId"], ana.id.as_str());
    assert_eq!(list[0]["result"]["predicted_label"], label);
    assert_eq!(list[0]["result"]["confidence_score"], confidence);
    let kept = list[0]["result"]["all_probabilities"].as_object().unwrap();
    assert_eq!(kept.keys().map(String::as_str).collect::<Vec<_>>(), LABELS);
    assert_eq!(list[0]["reportId"], answer["report_id"]);
    assert!(list[0]["createdAt"].as_str().unwrap().ends_with('Z'));
    for address in [&answer["image_url"], &list[0]["imageUrl"]] {
        let picture = world.follow(address.as_str().unwrap()).await;
        assert_eq!(
            (picture.status.as_u16(), picture.header("content-type")),
            (200, "image/jpeg")
        );
        assert_eq!(photos::size(&picture.bytes), (512, 512));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_of_a_photo_has_no_metadata() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let photo = photos::face_with_metadata();
    assert!(photo.windows(3).any(|part| part == b"GPS"));
    let answer = ana.predict(photo).await.json();
    let kept = world.follow(answer["image_url"].as_str().unwrap()).await.bytes;
    for secret in [b"GPS".as_slice(), b"Exif", b"4711"] {
        assert!(!kept.windows(secret.len()).any(|part| part == secret));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_sees_or_deletes_a_prediction_or_its_picture() {
    let world = World::new().await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    ana.predict(photos::face()).await;
    let prediction = ana.predictions().await.remove(0);
    let address = prediction["imageUrl"].as_str().unwrap();
    let bare = address
        .split('?')
        .next()
        .unwrap()
        .strip_prefix(&world.product.url)
        .unwrap();

    assert_eq!(ben.predictions().await, Vec::<Value>::new());
    ben.get(bare).await.problem(404, "Picture not found");
    world.get(bare).await.problem(404, "Picture not found");
    let path = format!("/api/predictions/{}", prediction["id"].as_str().unwrap());
    ben.delete(&path).await.problem(404, "Prediction not found");

    assert_eq!(ana.get(bare).await.status, 200);
    assert_eq!(ana.predictions().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_link_dies_after_its_life_and_opens_no_other_picture() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let first = ana.predict(photos::face()).await.json()["image_url"]
        .as_str()
        .unwrap()
        .to_owned();
    let second = ana.predict(photos::face()).await.json()["image_url"]
        .as_str()
        .unwrap()
        .to_owned();
    let (_, query) = first.split_once('?').unwrap();
    let (other, _) = second.split_once('?').unwrap();
    assert_eq!(world.follow(&format!("{other}?{query}")).await.status, 404);
    assert_eq!(world.follow(&first).await.status, 200);
    assert_eq!(world.follow(&first.replace("expires=", "expires=9")).await.status, 404);
    world.product.clock.set_forward(3500);
    assert_eq!(world.follow(&first).await.status, 200);
    world.product.clock.set_forward(101);
    assert_eq!(world.follow(&first).await.status, 404);
    let strict = World::set_up(|settings| settings.web.picture_link_minutes = 5).await;
    let ben = strict.patient("ben").await;
    let link = ben.predict(photos::face()).await.json()["image_url"]
        .as_str()
        .unwrap()
        .to_owned();
    strict.product.clock.set_forward(301);
    assert_eq!(strict.follow(&link).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_prediction_takes_its_picture_along() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let address = ana.predict(photos::face()).await.json()["image_url"]
        .as_str()
        .unwrap()
        .to_owned();
    let id = ana.predictions().await[0]["id"].as_str().unwrap().to_owned();
    let answer = ana.delete(&format!("/api/predictions/{id}")).await;
    assert_eq!(answer.json(), json!({ "message": "Prediction deleted successfully" }));
    assert_eq!(ana.predictions().await.len(), 0);
    ana.delete(&format!("/api/predictions/{id}"))
        .await
        .problem(404, "Prediction not found");
    ana.delete("/api/predictions/not-an-id")
        .await
        .problem(400, "Invalid prediction id");

    let mut status = 0;
    for _ in 0..200 {
        status = world.follow(&address).await.status.as_u16();
        if status == 404 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    assert_eq!(status, 404, "the picture is still there");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_good_photo_is_refused_at_once_and_nothing_is_stored() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let cut = photos::face().len() / 2;
    let cases = [
        ("text", b"this is not a picture, whatever its name says".to_vec(), 415),
        ("a cut JPEG", photos::face()[..cut].to_vec(), 400),
        ("a bomb", photos::decompression_bomb(), 413),
        ("nothing", Vec::new(), 400),
        ("a GIF", photos::gif(), 415),
    ];
    for (what, photo, status) in cases {
        let started = std::time::Instant::now();
        let answer = ana.predict(photo).await;
        assert_eq!(answer.status, status, "{what}: {answer:?}");
        assert!(answer.json()["error"].is_string(), "{what}");
        assert!(started.elapsed().as_secs_f32() < 1.0, "{what}: {:?}", started.elapsed());
    }
    let blurred = "Image is blury.Please try again with a clear picture";
    ana.predict(photos::fixture("face_astronaut_blur12"))
        .await
        .problem(400, blurred);
    let answer = ana.predict(photos::fixture("nonface_coffee")).await;
    let problem = answer.problem(400, "No face detected in the image");
    assert_eq!(problem["validation_details"]["face_count"], 0);
    assert!(problem["validation_details"]["image_size"].is_array());

    assert_eq!(ana.predictions().await.len(), 0);
    assert_eq!(world.stored_pictures().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_a_photo_says_which_field_is_missing() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let form = reqwest::multipart::Form::new().text("picture", "x");
    let request = ana
        .request(reqwest::Method::POST, "/api/predictions/predict")
        .multipart(form);
    let answer = tests::world::send(request).await;
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.json()["errors"],
        json!([{ "loc": ["body", "image"], "msg": "is required", "type": "missing" }])
    );
    let request = ana.request(reqwest::Method::POST, "/api/predictions/predict").body("x");
    assert_eq!(tests::world::send(request).await.status, 415);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_is_read_in_pages_newest_first() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    for _ in 0..3 {
        assert_eq!(ana.predict(photos::face()).await.status, 200);
    }
    let all: Vec<Value> = ana
        .predictions()
        .await
        .iter()
        .map(|item| item["reportId"].clone())
        .collect();
    assert_eq!(all.len(), 3);
    let mut sorted = all.clone();
    sorted.sort_by(|a, b| b.as_str().cmp(&a.as_str()));
    assert_eq!(all, sorted);

    let mut path = "/api/predictions?limit=2".to_owned();
    let mut pages = Vec::new();
    loop {
        let answer = ana.get(&path).await;
        pages.push(answer.json().as_array().unwrap().len());
        match answer
            .header("link")
            .strip_prefix('<')
            .and_then(|link| link.strip_suffix(">; rel=\"next\""))
        {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(pages, [2, 1]);
    for query in ["limit=0", "limit=101", "limit=x", "cursor=%25"] {
        assert_eq!(
            ana.get(&format!("/api/predictions?{query}")).await.status,
            422,
            "{query}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_of_a_day_are_numbered_without_gaps_or_doubles() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let answers = futures_util::future::join_all((0..6).map(|_| ana.predict(photos::face()))).await;
    let mut numbers: Vec<String> = answers
        .iter()
        .map(|answer| answer.json()["report_id"].as_str().unwrap()[19..].to_owned())
        .collect();
    numbers.sort();
    assert_eq!(numbers, ["0001", "0002", "0003", "0004", "0005", "0006"]);
}
