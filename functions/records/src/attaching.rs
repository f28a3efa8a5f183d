//! An upload becomes a file of a record: checked, cleaned, kept, and then named; or nothing of it stays.

use bytes::Bytes;
use domain::id::{RecordFileId, RecordId, UploadId, UserId};
use domain::picture_link::{DocumentName, PictureName};
use domain::record::Record;
use domain::record::file::{self, FileDigest, FileRefused, Kept, NamedFile, RecordFile, Sent};
use domain::upload::{FileKind, UploadRefused};
use models::picture::{Picture, PictureError};
use runtime::{Context, Problem};
use store::outbox::Entry;
use store::records::{self, Attached};
use store::{Error, RefusedOr, documents, pictures, uploads};

/// Longest side in pixels and quality of the pictures that are kept, tried in this order until one fits in an answer: small
/// print of a page must stay legible.
const KEPT: [(u32, u8); 3] = [(2560, 88), (2560, 75), (1600, 75)];
const LARGEST_KEPT: usize = 3_900_000;

/// What somebody wants attached where.
pub struct Asked {
    pub patient: UserId,
    /// Whose upload it is.
    pub by: UserId,
    pub record: RecordId,
    pub file: RecordFileId,
    pub upload: UploadId,
}

/// What an upload holds, and what is to be kept of it.
struct Prepared {
    sent: Sent,
    kind: FileKind,
    bytes: Bytes,
}

/// The file that is attached under this id already: by the same upload, or by another of the same file.
pub async fn again(
    context: &Context,
    asked: &Asked,
    head: &Record,
    audit: &Entry,
) -> Result<Option<RecordFile>, Problem> {
    let Some(found) = attached(context, asked).await? else {
        return Ok(None);
    };
    if found.upload != asked.upload {
        let bytes = received(context, asked).await?.ok_or(UploadRefused::NotFound)?;
        same(&found, &sent(context, bytes).await?)?;
    }
    records::note_again(&context.store, head, audit).await?;
    Ok(Some(found))
}

/// Attaches it, unless somebody else was faster: then what they attached is the answer, if it is the same.
pub async fn attach(context: &Context, asked: &Asked, head: &Record, audit: &Entry) -> Result<Attached, Problem> {
    let named = records::find_named(&context.store, head, asked.file).await?;
    let Some(bytes) = received(context, asked).await? else {
        // The same call, made twice, was faster in the other place, and has used the upload up.
        let found = attached(context, asked)
            .await?
            .filter(|found| found.upload == asked.upload);
        let record = records::get(&context.store, asked.patient, asked.record).await?;
        let (file, record) = found.zip(record).ok_or(UploadRefused::NotFound)?;
        records::note_again(&context.store, &record, audit).await?;
        return Ok(Attached { file, record });
    };
    let prepared = prepare(context, &named, bytes).await?;
    let file = RecordFile {
        id: asked.file,
        record: asked.record,
        patient: asked.patient,
        name: named.name,
        sha256: prepared.sent.sha256,
        size_bytes: prepared.sent.size_bytes,
        upload: asked.upload,
        kept: name(context, prepared.kind)?,
        kept_sha256: FileDigest::of(&prepared.bytes),
        kept_bytes: prepared.bytes.len() as u64,
        attached_by: asked.by,
        attached_at: context.now,
    };
    keep(context, &file, prepared.bytes).await?;
    let attached = enter(context, asked, &file, audit).await?;
    if attached.file.kept != file.kept {
        discard(context, &file.kept).await;
        let sent = Sent {
            sha256: file.sha256,
            size_bytes: file.size_bytes,
        };
        same(&attached.file, &sent)?;
    }
    Ok(attached)
}

async fn attached(context: &Context, asked: &Asked) -> Result<Option<RecordFile>, Error> {
    records::get_file(&context.store, asked.patient, asked.record, asked.file).await
}

async fn received(context: &Context, asked: &Asked) -> Result<Option<Bytes>, Error> {
    uploads::received(&context.store, asked.by, asked.upload, context.now).await
}

async fn sent(context: &Context, bytes: Bytes) -> Result<Sent, Problem> {
    context.busy(move || Sent::of(&bytes)).await
}

fn same(found: &RecordFile, sent: &Sent) -> Result<(), FileRefused> {
    match found.sha256 == sent.sha256 {
        true => Ok(()),
        false => Err(FileRefused::Differs),
    }
}

/// Refuses what was not announced or is nothing that we keep; the upload stays.
async fn prepare(context: &Context, named: &NamedFile, bytes: Bytes) -> Result<Prepared, Problem> {
    let sent = sent(context, bytes.clone()).await?;
    named.check(&sent)?;
    let kind = file::kind(&bytes)?;
    let bytes = match kind {
        FileKind::Picture => Bytes::from(context.busy(move || clean(&bytes)).await??),
        FileKind::Pdf => bytes,
    };
    Ok(Prepared { sent, kind, bytes })
}

/// Upright and without metadata.
fn clean(bytes: &[u8]) -> Result<Vec<u8>, PictureError> {
    let picture = Picture::decode(bytes)?;
    let mut jpeg = Vec::new();
    for (side, quality) in KEPT {
        jpeg = picture.to_jpeg(side, quality)?;
        if jpeg.len() <= LARGEST_KEPT {
            break;
        }
    }
    Ok(jpeg)
}

fn name(context: &Context, kind: FileKind) -> Result<Kept, Problem> {
    Ok(match kind {
        FileKind::Picture => Kept::Picture(PictureName::new(context.random()?)),
        FileKind::Pdf => Kept::Document(DocumentName::new(context.random()?)),
    })
}

async fn keep(context: &Context, file: &RecordFile, bytes: Bytes) -> Result<(), Error> {
    let (store, owner, bytes) = (&context.store, file.patient, bytes.to_vec());
    match &file.kept {
        Kept::Picture(name) => pictures::put(store, owner, name, bytes).await,
        Kept::Document(name) => documents::put(store, owner, name, bytes).await,
    }
}

/// Names what is kept. Where that fails, what was kept goes again; where it went unanswered, only once it is known that
/// it was not done.
async fn enter(context: &Context, asked: &Asked, file: &RecordFile, audit: &Entry) -> Result<Attached, Problem> {
    let failed = match records::attach(&context.store, file, audit).await {
        Ok(attached) => return Ok(attached),
        Err(failed) => failed,
    };
    if matches!(failed, RefusedOr::Store(Error::Unavailable(_))) {
        let found = attached(context, asked).await;
        let record = records::get(&context.store, asked.patient, asked.record).await;
        match (found, record) {
            (Ok(Some(found)), Ok(Some(record))) if found.kept == file.kept => {
                return Ok(Attached { file: found, record });
            }
            (Ok(found), _) if found.as_ref().is_none_or(|found| found.kept != file.kept) => {}
            _ => return Err(failed.into()),
        }
    }
    discard(context, &file.kept).await;
    Err(failed.into())
}

async fn discard(context: &Context, kept: &Kept) {
    if let Err(error) = records::remove_kept(&context.store, kept).await {
        context.note_outer_fault(format!("a file that nothing names stays: {error}"));
    }
}
