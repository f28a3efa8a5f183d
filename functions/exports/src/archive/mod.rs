//! Making an archive: reads all there is once, page by page, and puts the archive while it grows.
//!
//! ```text
//! data/<kind>.json     all things of a kind, as they are kept
//! pictures/<name>.jpg  as they are kept
//! documents/<name>.pdf as they were sent
//! fhir/bundle.json     what is clinical, in HL7 FHIR R4
//! index.html           the same for people
//! manifest.json        what there is, and what was left out and why
//! ```
//!
//! In memory are a page of things, four pictures and eight megabytes of archive at most; what must wait for its place in
//! the archive waits on disk, compressed and under no name. The same things make the same archive, to the byte.

mod clinical;
mod manifest;
mod page;
mod spool;
mod titles;
mod zip_stream;

use std::collections::BTreeMap;

use domain::export::Export;
use domain::picture_link::{DocumentName, PictureName};
use futures_util::StreamExt;
use futures_util::stream;
use runtime::{Context, Problem};
use store::exports::ArchiveUpload;
use store::holdings::{self, Found, Holding, Kind, PARTITIONS};
use store::{PageRequest, documents, pictures};

use crate::kinds::{self, Shown};

pub use clinical::{Clinical, category};
use manifest::Manifest;
use page::PageWriter;
use spool::SpoolReader;
use zip_stream::Zip;

/// What was made.
pub struct Made {
    pub size_bytes: u64,
    pub sha256: String,
    pub counts: BTreeMap<String, u64>,
}

/// Things of one page.
const PAGE: u16 = 100;
/// Pictures that are fetched at a time.
const PICTURES_AT_ONCE: usize = 4;
/// What is copied at a time.
const CHUNK: usize = 64 * 1024;

const PICTURES: &str = "pictures";
const DOCUMENTS: &str = "documents";
const RESOURCES: &str = "fhir_resources";
const JSON: &str = "application/json";

/// All of it is there afterwards, or nothing.
pub async fn make(context: &Context, export: &Export) -> Result<Made, Problem> {
    let mut upload = ArchiveUpload::begin(&context.store, export).await?;
    match fill(context, export, &mut upload).await {
        Ok(made) => {
            upload.finish().await?;
            Ok(made)
        }
        Err(problem) => {
            if let Err(error) = upload.give_up().await {
                context.note_outer_fault(format!("a part of an archive stays for a day: {error}"));
            }
            Err(problem)
        }
    }
}

async fn fill(context: &Context, export: &Export, upload: &mut ArchiveUpload) -> Result<Made, Problem> {
    let mut work = Work {
        context,
        export,
        upload,
        zip: Zip::new(export.created_at),
        clinical: Clinical::new(export)?,
        page: PageWriter::new()?,
        pictures: Vec::new(),
        documents: Vec::new(),
        manifest: Manifest::new(export),
        file: None,
    };
    for partition in PARTITIONS {
        let mut request = PageRequest {
            limit: PAGE,
            after: None,
        };
        loop {
            let found = holdings::page(&context.store, export.patient, partition, &request).await?;
            for each in found.items {
                work.take(each)?;
            }
            send(&work.zip, work.upload).await?;
            request.after = found.next;
            if request.after.is_none() {
                break;
            }
        }
    }
    work.end_file()?;
    work.add_pictures().await?;
    work.add_documents().await?;
    work.finish().await
}

struct Work<'a> {
    context: &'a Context,
    export: &'a Export,
    upload: &'a mut ArchiveUpload,
    zip: Zip,
    clinical: Clinical,
    page: PageWriter,
    pictures: Vec<PictureName>,
    documents: Vec<DocumentName>,
    manifest: Manifest,
    /// Of which kind the file is that is being written.
    file: Option<Kind>,
}

impl Work<'_> {
    fn take(&mut self, found: Found) -> Result<(), Problem> {
        match found {
            Found::Given(kind, holding) => self.add(kind, &holding),
            Found::Left => Ok(()),
            Found::Unknown(what) => {
                self.context
                    .note_outer_fault(format!("exports leave out {what}, for which holdings have no rule"));
                self.manifest.note_unknown(what);
                Ok(())
            }
        }
    }

    fn add(&mut self, kind: Kind, holding: &Holding) -> Result<(), Problem> {
        let Shown {
            json,
            pictures,
            documents,
        } = kinds::show(holding, &mut self.clinical)?;
        if let Holding::Account(account) = holding {
            self.page.speak(account.personal.language);
        }
        if self.file == Some(kind) {
            self.zip.write(b",\n")?;
        } else {
            self.end_file()?;
            self.zip.begin(&format!("data/{}.json", kind.word()), JSON)?;
            self.zip.write(b"[\n")?;
            self.page.begin(kind)?;
            self.file = Some(kind);
        }
        self.zip.write(&json)?;
        self.page.add(&json)?;
        self.manifest.count(kind.word());
        self.pictures.extend(pictures);
        self.documents.extend(documents);
        Ok(())
    }

    fn end_file(&mut self) -> Result<(), Problem> {
        if self.file.take().is_some() {
            self.zip.write(b"\n]\n")?;
            self.zip.end()?;
            self.page.end()?;
        }
        Ok(())
    }

    async fn add_pictures(&mut self) -> Result<(), Problem> {
        let mut names = std::mem::take(&mut self.pictures);
        names.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
        names.dedup();
        let (store, patient) = (&self.context.store, self.export.patient);
        let fetch = |name: PictureName| async move {
            let jpeg = pictures::get_own(store, patient, &name).await?;
            Ok::<_, store::Error>((name, jpeg))
        };
        let mut fetched = stream::iter(names.into_iter().map(fetch)).buffered(PICTURES_AT_ONCE);
        while let Some(picture) = fetched.next().await {
            let (name, jpeg) = picture?;
            self.clinical.add_picture(&name, jpeg.as_deref())?;
            match jpeg {
                Some(jpeg) => {
                    self.zip.begin(&format!("pictures/{}", name.as_str()), "image/jpeg")?;
                    self.zip.write(&jpeg)?;
                    self.zip.end()?;
                    self.manifest.count(PICTURES);
                }
                None => self.manifest.note_missing(name.as_str()),
            }
            send(&self.zip, self.upload).await?;
        }
        Ok(())
    }

    /// One at a time, since they are larger.
    async fn add_documents(&mut self) -> Result<(), Problem> {
        let mut names = std::mem::take(&mut self.documents);
        names.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
        names.dedup();
        for name in names {
            let pdf = documents::get_own(&self.context.store, self.export.patient, &name).await?;
            self.clinical.add_pdf(&name, pdf.as_deref())?;
            match pdf {
                Some(pdf) => {
                    self.zip
                        .begin(&format!("documents/{}", name.as_str()), "application/pdf")?;
                    self.zip.write(&pdf)?;
                    self.zip.end()?;
                    self.manifest.count(DOCUMENTS);
                }
                None => self.manifest.note_missing(name.as_str()),
            }
            send(&self.zip, self.upload).await?;
        }
        Ok(())
    }

    async fn finish(self) -> Result<Made, Problem> {
        let Work {
            upload,
            mut zip,
            mut manifest,
            ..
        } = self;
        let (bundle, resources) = self.clinical.close()?;
        manifest.set(RESOURCES, resources);
        zip.begin("fhir/bundle.json", "application/fhir+json")?;
        copy(bundle, &mut zip, upload).await?;
        zip.end()?;

        let page = self.page.close(self.export, manifest.counts())?;
        zip.begin("index.html", "text/html; charset=utf-8")?;
        zip.write(page.head.as_bytes())?;
        copy(page.body, &mut zip, upload).await?;
        zip.write(page.foot.as_bytes())?;
        zip.end()?;

        let listed = manifest.to_json(zip.files())?;
        zip.begin("manifest.json", JSON)?;
        zip.write(&listed)?;
        let whole = zip.finish()?;
        upload.add(whole.rest).await?;
        Ok(Made {
            size_bytes: whole.size_bytes,
            sha256: whole.sha256,
            counts: manifest.into_counts(),
        })
    }
}

/// Sends off what is ready to go.
async fn send(zip: &Zip, upload: &mut ArchiveUpload) -> Result<(), Problem> {
    while let Some(part) = zip.take_part() {
        upload.add(part).await?;
    }
    Ok(())
}

async fn copy(mut from: SpoolReader, zip: &mut Zip, upload: &mut ArchiveUpload) -> Result<(), Problem> {
    let mut chunk = vec![0; CHUNK];
    loop {
        match from.read(&mut chunk)? {
            0 => return Ok(()),
            length => zip.write(&chunk[..length])?,
        }
        send(zip, upload).await?;
    }
}
