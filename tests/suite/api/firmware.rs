//! Firmware: operators publish it, devices ask for it and fetch it.

mod devices;
mod download;
mod fleet;
mod large;
mod latest;
mod publishing;
mod rollouts;

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use tests::world::{Answer, World, send};

/// As the upload script does it.
async fn upload(world: &World, version: &str, image: Vec<u8>) -> Answer {
    upload_with(world, version, image, &[]).await
}

async fn upload_with(world: &World, version: &str, image: Vec<u8>, texts: &[(&str, &str)]) -> Answer {
    send(
        world
            .as_operator(Method::POST, "/api/firmware/upload")
            .multipart(form(version, image, texts)),
    )
    .await
}

fn form(version: &str, image: Vec<u8>, texts: &[(&str, &str)]) -> Form {
    let file = Part::bytes(image)
        .file_name("camera.bin")
        .mime_str("application/octet-stream")
        .expect("a media type");
    let form = Form::new().text("version", version.to_owned()).part("file", file);
    texts.iter().fold(form, |form, (name, value)| {
        form.text((*name).to_owned(), (*value).to_owned())
    })
}
