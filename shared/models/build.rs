//! Packs the networks' weights in the order in which the kernels read them, so that a cold start only maps
//! them. Of each safetensors file in `weights/` it writes `NAME.packed` with the network, and `NAME.heads`,
//! safetensors again, with everything else in it.

use kernels::pack::{Layer, pack};
use serde_json::{Map, Value, json};
use std::error::Error;
use std::path::Path;

#[path = "src/kernels"]
mod kernels {
    #[allow(dead_code)]
    pub mod pack;
}
#[path = "src/efficientnet/layers.rs"]
#[allow(dead_code)]
mod efficientnet;
#[path = "src/face/layers.rs"]
#[allow(dead_code)]
mod face;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    for file in [
        "build.rs",
        "src/efficientnet/layers.rs",
        "src/face/layers.rs",
        "src/kernels/pack.rs",
        "weights",
    ] {
        println!("cargo::rerun-if-changed={file}");
    }
    let output = std::env::var("OUT_DIR")?;
    for entry in std::fs::read_dir("weights")? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if path.extension().is_some_and(|extension| extension == "safetensors") {
            write(&path, &Path::new(&output).join(name)).map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    Ok(())
}

fn write(source: &Path, target: &Path) -> Outcome<()> {
    let mut file = Tensors::read(&std::fs::read(source)?)?;
    let begins_with = |layers: &[Layer]| {
        let first = layers.first().map(|layer| format!("{}.weight", layer.name));
        first.is_some_and(|first| file.header.contains_key(&first))
    };
    let (is_backbone, is_face) = (begins_with(&efficientnet::layers()), begins_with(&face::layers()));
    let packed = if is_backbone && file.header.contains_key("blocks.0.depthwise.weight") {
        packed(
            &mut file,
            &efficientnet::layers(),
            "F16",
            u16::from_le_bytes,
            u16::to_le_bytes,
            |layer| (layer.depth(), layer.outputs),
        )?
    } else if is_face {
        // BlazeFace has odd numbers of channels, which become whole blocks of sixteen.
        packed(
            &mut file,
            &face::layers(),
            "F32",
            f32::from_le_bytes,
            f32::to_le_bytes,
            face::packed_size,
        )?
    } else {
        // Heads only.
        Vec::new()
    };
    std::fs::write(target.with_extension("packed"), packed)?;
    Ok(std::fs::write(target.with_extension("heads"), file.rest()?)?)
}

/// Takes the layers out of the file and packs them one after the other.
fn packed<T: Copy + Default, const N: usize>(
    file: &mut Tensors,
    layers: &[Layer],
    kind: &str,
    read: fn([u8; N]) -> T,
    write: fn(T) -> [u8; N],
    size: fn(&Layer) -> (usize, usize),
) -> Outcome<Vec<u8>> {
    let mut all = Vec::new();
    for layer in layers {
        let mut take = |part: &str, length: usize| -> Outcome<Vec<T>> {
            let bytes = file.take(&format!("{}.{part}", layer.name), kind, length * N)?;
            Ok(bytes.as_chunks().0.iter().copied().map(read).collect())
        };
        let weight = take("weight", layer.outputs * layer.depth())?;
        let bias = take("bias", layer.outputs)?;
        let (depth, outputs) = size(layer);
        all.extend(pack(layer, &weight, &bias, depth, outputs).into_iter().flat_map(write));
    }
    Ok(all)
}

/// A safetensors file: the length of the header, the header in JSON, then the data.
struct Tensors {
    header: Map<String, Value>,
    data: Vec<u8>,
}

impl Tensors {
    fn read(file: &[u8]) -> Outcome<Self> {
        let (length, rest) = file.split_first_chunk().ok_or("too short")?;
        let length = usize::try_from(u64::from_le_bytes(*length))?;
        let (header, data) = rest.split_at_checked(length).ok_or("shorter than its header")?;
        Ok(Self {
            header: serde_json::from_slice(header)?,
            data: data.to_vec(),
        })
    }

    /// The bytes of a tensor, which is then no longer in the file.
    fn take(&mut self, name: &str, kind: &str, length: usize) -> Outcome<Vec<u8>> {
        let tensor = self.header.remove(name).ok_or_else(|| format!("lacks {name}"))?;
        let bytes = self.bytes(&tensor)?;
        if tensor["dtype"] != kind || bytes.len() != length {
            return Err(format!("{name} is {tensor} instead of {length} bytes of {kind}").into());
        }
        Ok(bytes.to_vec())
    }

    fn bytes(&self, tensor: &Value) -> Outcome<&[u8]> {
        let offset = |end: usize| tensor["data_offsets"][end].as_u64().ok_or("a tensor without offsets");
        let range = usize::try_from(offset(0)?)?..usize::try_from(offset(1)?)?;
        Ok(self.data.get(range).ok_or("a tensor beyond the end")?)
    }

    /// A file of the tensors that are left.
    fn rest(&self) -> Outcome<Vec<u8>> {
        let (mut header, mut data) = (Map::new(), Vec::new());
        for (name, tensor) in self.header.iter().filter(|(name, _)| *name != "__metadata__") {
            let from = data.len();
            data.extend_from_slice(self.bytes(tensor)?);
            let mut moved = tensor.clone();
            moved["data_offsets"] = json!([from, data.len()]);
            header.insert(name.clone(), moved);
        }
        let mut header = serde_json::to_vec(&header)?;
        header.resize(header.len().next_multiple_of(8), b' ');
        let length = u64::try_from(header.len())?.to_le_bytes();
        Ok([&length[..], &header, &data].concat())
    }
}
