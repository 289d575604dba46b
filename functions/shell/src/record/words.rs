//! What people said, and what associates and machines wrote down about it: all of it lies in Conversations, where no function
//! of sellers may look (INQ-5).

use domain::{at::Instant, id::AssociateId};
use serde::{Deserialize, Serialize};

/// The words of a contact. Only the desk reads `text`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// What the customer said or wrote.
    pub text: String,
    /// Where an answer can be mailed.
    pub email: Option<String>,
    /// The customer's language.
    pub language: String,
    /// What else is to be known of it, where it came as a mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailRead>,
    /// When its words and its address were erased, if they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<Instant>,
}

/// What is known of a mail besides its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailRead {
    /// Where its bytes are kept.
    pub object: String,
    /// Its own id, which an answer names.
    pub message_id: Option<String>,
    /// The files that it brought, in its order.
    pub files: Vec<MailFile>,
    /// What was cut off or could not be read, as codes.
    pub marks: Vec<String>,
    /// Where quotes and signatures lie in the text, in characters: a view folds them.
    #[serde(default)]
    pub folds: Vec<(usize, usize)>,
}

/// A file of a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailFile {
    /// How it is called.
    pub name: String,
    /// What it says that it is.
    pub media_type: String,
    /// Bytes.
    pub bytes: usize,
    /// How a browser opens it; nothing where it lies in the mail's bytes alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens: Option<Opens>,
}

/// What a browser may do with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opens {
    /// Draw it: it is a picture that cannot contain a script.
    Shown,
    /// Save it, and nothing else.
    Saved,
}

/// What associates write down for each other, and what a machine wrote about an inquiry: nobody said it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// Who wrote it; [`AUTOMATIC`] of what a machine did.
    pub associate: AssociateId,
    /// When.
    pub at: Instant,
    /// What.
    pub text: String,
}

/// Who writes down what a machine wrote.
pub const AUTOMATIC: &str = "automatic-mail";

/// What a customer said with the answer to a survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// The customer's words.
    pub text: String,
    /// When.
    pub at: Instant,
}
