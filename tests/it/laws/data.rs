//! Laws of what is kept.

use super::Law;
use crate::sheet::{Sheet, target};
use serde_yaml_ng::Value;

/// What is forgotten by itself: what was done, longer than anything is told again, and who has signed in.
const FORGETTING: [&str; 2] = ["OnceTable", "SessionsTable"];

pub const LAWS: [Law; 4] = [
    Law {
        id: "K15",
        judge: restorable,
        breaks: &[
            (
                "PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }",
                "PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false }",
            ),
            ("      DeletionProtectionEnabled: true\n", ""),
            (
                "  SellersTable:\n    Type: AWS::DynamoDB::Table\n    DeletionPolicy: Retain\n",
                "  SellersTable:\n    Type: AWS::DynamoDB::Table\n    DeletionPolicy: Delete\n",
            ),
        ],
    },
    Law {
        id: "K16",
        judge: encrypted,
        breaks: &[
            ("EnableKeyRotation: true", "EnableKeyRotation: false"),
            (
                "SSESpecification: { SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: !GetAtt DataKey.Arn }",
                "SSESpecification: { SSEEnabled: true }",
            ),
            (
                "      KmsMasterKeyId: !GetAtt DataKey.Arn\n      KmsDataKeyReusePeriodSeconds: 3600\n",
                "      SqsManagedSseEnabled: true\n",
            ),
            ("SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt DataKey.Arn", "SSEAlgorithm: AES256"),
            (
                "    Type: AWS::SNS::Topic\n    Properties:\n      KmsMasterKeyId: !GetAtt DataKey.Arn\n",
                "    Type: AWS::SNS::Topic\n    Properties: {}\n",
            ),
            ("      KmsKeyId: !GetAtt DataKey.Arn\n", ""),
        ],
    },
    Law {
        id: "K21",
        judge: never_forgotten,
        breaks: &[(
            "  LedgerTable:\n    Type: AWS::DynamoDB::Table\n    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n    Properties:\n",
            "  LedgerTable:\n    Type: AWS::DynamoDB::Table\n    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n    Properties:\n      TimeToLiveSpecification: { AttributeName: expires_at, Enabled: true }\n",
        )],
    },
    Law {
        id: "K22",
        judge: retained,
        breaks: &[(
            "  MailsBucket:\n    Type: AWS::S3::Bucket\n    DeletionPolicy: Retain\n",
            "  MailsBucket:\n    Type: AWS::S3::Bucket\n    DeletionPolicy: Delete\n",
        )],
    },
];

fn stays(resource: &Value) -> bool {
    resource["DeletionPolicy"] == "Retain" && resource["UpdateReplacePolicy"] == "Retain"
}

fn restorable(sheet: &Sheet) -> Vec<String> {
    let lost = sheet.resources("AWS::DynamoDB::Table").into_iter().filter(|(name, table)| {
        let back = table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] == true;
        !(back && table["DeletionProtectionEnabled"] == true && stays(sheet.resource(name)))
    });
    lost.map(|(name, _)| format!("{name} may be deleted, or not be restored")).collect()
}

/// All that is kept is encrypted with the key of our own, which turns.
fn encrypted(sheet: &Sheet) -> Vec<String> {
    let key = sheet.resource("DataKey");
    let mut found = Vec::new();
    if key["Type"] != "AWS::KMS::Key" || key["Properties"]["EnableKeyRotation"] != true {
        found.push("the key does not turn".to_owned());
    }
    let rule = |bucket: &Value| {
        let rules = &bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"];
        rules[0]["ServerSideEncryptionByDefault"]["KMSMasterKeyID"].clone()
    };
    let of_kind = |kind: &str, by: &dyn Fn(&Value) -> Value| -> Vec<(String, Value)> {
        sheet.resources(kind).into_iter().map(|(name, resource)| (name, by(&resource))).collect()
    };
    let all = [
        of_kind("AWS::DynamoDB::Table", &|table| table["SSESpecification"]["KMSMasterKeyId"].clone()),
        of_kind("AWS::SQS::Queue", &|queue| queue["KmsMasterKeyId"].clone()),
        of_kind("AWS::SNS::Topic", &|topic| topic["KmsMasterKeyId"].clone()),
        of_kind("AWS::S3::Bucket", &rule),
        of_kind("AWS::Logs::LogGroup", &|logs| logs["KmsKeyId"].clone()),
        vec![("Logs".to_owned(), sheet.made_by("Logs")["KmsKeyId"].clone())],
    ];
    let open = all.iter().flatten().filter(|(_, key)| target(key) != "DataKey");
    found.extend(open.map(|(name, _)| format!("{name} is not encrypted with our key")));
    found
}

fn never_forgotten(sheet: &Sheet) -> Vec<String> {
    let wrong = sheet.resources("AWS::DynamoDB::Table").into_iter().filter(|(name, table)| {
        let forgets = table["TimeToLiveSpecification"]["AttributeName"].as_str();
        forgets != FORGETTING.contains(&name.as_str()).then_some("expires_at")
    });
    wrong.map(|(name, _)| format!("{name} forgets what it has to keep, or keeps what it has to forget")).collect()
}

/// What holds anything outlives the stack.
fn retained(sheet: &Sheet) -> Vec<String> {
    let kinds = ["AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key"];
    let holding = kinds.into_iter().flat_map(|kind| sheet.resources(kind).into_keys());
    holding.filter(|name| !stays(sheet.resource(name))).map(|name| format!("{name} goes with the stack")).collect()
}
