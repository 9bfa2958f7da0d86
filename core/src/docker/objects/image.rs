//! Images of a node as `docker inspect` shows them.
//!
//! Models: moby api/types/image/image_inspect.go. Differs: what the layers are is not known, and so not shown.

use super::time;
use crate::json::{Struct, Value};
use crate::world::{ImageView, World};

pub(crate) fn image(world: &World, image: &ImageView) -> Value {
    let tag = image.tag.as_ref().map(|tag| [&image.repository, ":", tag].concat());
    let digest = [&image.repository, "@", &image.digest].concat();
    Struct::new("image.InspectResponse")
        .with("Id", image.id.as_str())
        .with("RepoTags", Value::List(tag.into_iter().map(Value::Text).collect()))
        .with("RepoDigests", Value::List(vec![Value::Text(digest)]))
        .with("Parent", "")
        .with("Comment", "")
        .with("Created", crate::date::nanos(image.built))
        .with("Author", "")
        .with("Architecture", "amd64")
        .with("Os", "linux")
        .with("Size", image.size_bytes)
        .with("Metadata", Struct::new("image.Metadata").with("LastTagTime", time(world, image.pulled)))
        .into()
}
