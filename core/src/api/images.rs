//! The images of one node. Models: moby daemon/images/{image_pull,image_delete}.go.

use super::error::Code;
use super::{Api, ApiError};
use crate::engine::image::{Reference, familiar};
use crate::time::Ms;
use crate::world::ImageView;

impl Api<'_> {
    /// How long it takes to pull an image; none if it is here already.
    ///
    /// # Errors
    /// The registry does not answer, or does not know it.
    pub fn pull_takes(&mut self, name: &str) -> Result<Option<Ms>, ApiError> {
        let reference = Reference::parse(name);
        let refused = |sentence: String| Err(ApiError::Refused { code: Code::Daemon, sentence });
        if !self.world.registry_up() {
            return refused(
                "Get \"https://registry-1.docker.io/v2/\": dial tcp: connect: connection refused".to_owned(),
            );
        }
        match self.world.pull_takes(self.node, &reference) {
            Some((_, true)) => Ok(None),
            Some((takes, false)) => Ok(Some(takes)),
            None => {
                let what = reference.digest.or(reference.tag).unwrap_or("latest");
                let repository = familiar(reference.name);
                refused(format!("manifest for {repository}:{what} not found: manifest unknown: manifest unknown"))
            }
        }
    }

    /// Keeps what was pulled, and returns its digest.
    pub fn keep_image(&mut self, name: &str) -> String {
        let reference = Reference::parse(name);
        let digest = self.world.registry().find(&reference).map(|image| image.digest.clone());
        self.world.keep_image(self.node, &reference);
        digest.unwrap_or_default()
    }

    pub fn remove_image(&mut self, image: &ImageView) {
        self.world.remove_image(self.node, &image.digest, &image.repository);
    }
}
