//! The words of the survey.

pages::words! {
    how_was_it: "How was it?", "您的体验如何？";
    about: "You asked customer service about order {0}.", "您就订单 {0} 咨询了客户服务。";
    score: "How satisfied are you with the answer?", "您对答复的满意程度如何？";
    comment: "Is there anything you would like to say?", "您还有什么想说的吗？";
    optional: "optional", "选填";
    who_reads: "The seller does not see what you write.", "卖家不会看到您写的内容。";
    until: "You can answer once, until {0}.", "您可在 {0} 前回答一次。";
    send: "Send", "提交";
    thanks: "Thank you. Your answer has arrived.", "谢谢，我们已收到您的回答。";

    very_satisfied: "5 – very satisfied", "5 – 非常满意";
    satisfied: "4 – satisfied", "4 – 满意";
    neither: "3 – neither", "3 – 一般";
    dissatisfied: "2 – dissatisfied", "2 – 不满意";
    very_dissatisfied: "1 – very dissatisfied", "1 – 非常不满意";

    survey_answered: "This survey has been answered. The first answer stands.", "此调查已回答，以首次回答为准。";
    survey_expired: "The time to answer this survey is over.", "此调查的回答期限已过。";
    survey_ended: "The matter was taken up again, so this survey has ended.", "该事项已重新处理，因此此调查已结束。";
}
