//! The words of what is mailed, with the codes of kinds and choices.

pages::words! {
    mails: "Emails to you", "发给您的邮件";
    go_to: "They go to {0}.", "收件地址：{0}";
    no_address: "No address of yours is known, so no email can reach you.", "我们没有您的电子邮件地址，因此无法向您发送邮件。";
    mandatory: "What you have to answer or do, what is to be paid, and invitations are always emailed to the default address of your account.", "需要您答复或办理的事项、应付款项以及邀请，始终会发送至您账户的默认电子邮件地址。";
    save: "Save", "保存";

    trial_ending: "The trial ends soon", "免费试用即将结束";
    decided: "A decision for a customer", "对买家的决定";
    claim_moved: "A claim is decided", "赔付申请的结果";

    each: "An email each time", "每次发送邮件";
    daily: "One email a day", "每天一封摘要";
    never: "No email", "不发送";
}
