//! The words of the page.

pages::words! {
    no_more_mails: "Emails to you", "发给您的邮件";
    end_now: "Send me no more of these", "不再接收此类邮件";
    ended: "You will get no more of these emails.", "您将不会再收到此类邮件。";
    stays: "What you must know, such as a request that you have to answer in time, is emailed all the same.", "您必须知悉的邮件（例如需要您按时答复的请求）仍会照常发送。";
    always: "These emails are always sent, because there is something for you to do.", "此类邮件需要您办理相关事项，因此始终会发送。";
    chosen_again: "You can choose otherwise at any time, on the page of your account.", "您可以随时在账户页面重新选择。";

    trial_ending: "Emails that the free trial is about to end.", "关于免费试用即将结束的邮件。";
    decided: "Emails about what was decided for customers.", "关于对买家所作决定的邮件。";
    handed_over: "Emails that a customer's matter was handed over.", "关于买家事项已移交的邮件。";
    claim_moved: "Emails that a claim was granted, denied or left without an answer.", "关于赔付申请获批、被驳回或未获答复的邮件。";
    digest: "The email once a day, and all that comes in it.", "每日摘要邮件及其包含的全部内容。";
}
