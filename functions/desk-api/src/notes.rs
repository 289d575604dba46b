//! What associates write down for each other. Nobody else reads it: it lies with the conversation (INQ-5).

use crate::Desk;
use shell::{commit::Answer, failure::Failure, fields::Fields, key::Key, record::Noted};

const LONGEST_NOTE: usize = 4_000;

fn read(body: &[u8]) -> Result<String, Failure> {
    let fields = Fields::parse(body)?;
    let text = fields.text("note", LONGEST_NOTE);
    fields.build(|| text)
}

impl Desk<'_> {
    /// Who holds the inquiry notes something down.
    pub async fn note(&self) -> Result<Answer, Failure> {
        let text = read(&self.request.body)?;
        self.request
            .write(self.shell, async || {
                let seen = self.find().await?;
                let (at, inquiry) = (self.at()?, &seen.state);
                let outcome = inquiry.note(&self.associate, &at)?;
                let answer = self.changed(&seen, &outcome)?;
                let noted = Noted { associate: self.associate.clone(), at: at.now, text: text.clone() };
                self.commit(&answer)?
                    .inquiry(self.store, Some(&seen), outcome)?
                    .insert(Key::note(&inquiry.store, &inquiry.id, at.now, &at.cause), &noted)
            })
            .await
    }
}
