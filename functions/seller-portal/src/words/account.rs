//! The words of users and invitations, with the codes of features and levels.

pages::words! {
    all_users: "Users", "用户";
    nobody_named: "Nobody is named yet: whoever signs in for you has all rights of the primary user. The first who invites somebody becomes it.", "尚未指定用户：以您的名义登录的人均视为主用户。首位发出邀请的人将成为主用户。";
    primary: "Primary user", "主用户";
    address: "Email address", "电子邮件地址";
    subject: "Signs in as", "登录名";
    holds: "Permissions", "权限";
    everything: "everything", "全部权限";
    nothing: "nothing", "无权限";
    change: "Change", "更改";

    invitations: "Invitations", "邀请";
    no_invitations: "Nobody is invited.", "没有待处理的邀请。";
    expires: "Valid until", "有效期至";
    expired: "expired", "已过期";
    revoke: "Withdraw", "撤回";
    invite: "Invite somebody", "邀请用户";
    name: "Name", "姓名";
    invite_now: "Send the invitation", "发送邀请";
    invite_how: "The invitation is sent by email. Its link works once, for whoever signs in with it.", "邀请将通过邮件发送。邮件中的链接仅可使用一次，打开链接并登录的人即可接受邀请。";
    grants_of: "What {0} may", "{0} 的权限";
    will_hold: "Permissions to give", "将获得的权限";

    grant_now: "Save", "保存";
    remove: "Remove", "移除";
    remove_sure: "{0} loses all access at once", "{0} 将立即失去所有权限";
    hand_over: "Make primary user", "设为主用户";
    hand_over_sure: "{0} becomes the primary user, and I am no longer", "{0} 将成为主用户，我不再是主用户";

    home: "Home and orders", "首页与订单";
    case_log: "Case Log", "案例日志";
    insights: "Insights", "数据洞察";
    statements: "Statements", "账单";
    claims: "Claims", "赔付申请";
    return_policy: "Return policy", "退货政策";
    users: "Users", "用户";
    none: "No access", "无权限";
    view: "View", "查看";
    edit: "View and change", "查看和更改";

    invited: "Invitation", "邀请";
    invited_to: "You are invited to act for seller {0} in the {1} store.", "您受邀代表卖家 {0} 在 {1} 商城操作。";
    you_may: "Your permissions", "您将获得的权限";
    you_are: "You are signed in as {0}. Whoever accepts is a user of this seller from then on.", "您当前以 {0} 的身份登录。接受后，您将成为该卖家的用户。";
    accept: "Accept the invitation", "接受邀请";
    joined: "You are a user of seller {0} in the {1} store now.", "您现在是卖家 {0} 在 {1} 商城的用户。";
    go_on: "Go on", "继续";
    sign_in_again: "Sign in for this seller", "以该卖家身份登录";
    invitation_over: "This invitation was accepted, withdrawn or replaced, or it has expired. Ask for a new one.", "此邀请已被接受、撤回、替换或已过期。请重新索取邀请。";
}
