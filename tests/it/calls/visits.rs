//! What portals do beside what the functions do that they ask.

/// What a visit costs before a page asks anything: the session, the grants, and at the front door the account in each store.
pub const VISITS: [(&str, &str, &str); 6] = [
    ("seller-portal", "dynamodb:GetItem", "SessionsTable"),
    ("seller-portal", "dynamodb:PutItem", "SessionsTable"),
    ("seller-portal", "dynamodb:BatchWriteItem", "SessionsTable"),
    ("seller-portal", "dynamodb:BatchGetItem", "SellersTable"),
    ("desk-portal", "dynamodb:GetItem", "SessionsTable"),
    ("desk-portal", "dynamodb:GetItem", "SellersTable"),
];
/// What a function may that a portal asks, but for something that has no page: an export, a verdict on a policy, webhooks.
pub const NO_PAGE_FOR: [(&str, &str, &str); 4] = [
    ("seller-portal", "dynamodb:Query", "SellersTable"),
    ("desk-portal", "dynamodb:PutItem", "SellersTable"),
    ("desk-portal", "dynamodb:Query", "OutboxTable/index/hooks"),
    ("desk-portal", "dynamodb:GetItem", "OutboxTable"),
];
