//! The words of pages. Both languages of a word stand side by side, so none can be without the other.

use crate::frame::fill;
use serde::{Deserialize, Serialize};
use std::fmt::Display;

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    En,
    /// Chinese, simplified.
    Zh,
}

impl Language {
    /// As in `lang` of HTML and in the texts of the book.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }

    /// The language of this code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        match code {
            "en" => Some(Self::En),
            "zh" => Some(Self::Zh),
            _ => None,
        }
    }
}

/// Words by name, in both languages: `struct Words` with a field for each, and `Words::of` a language.
#[macro_export]
macro_rules! words {
    ($($name:ident: $english:literal, $chinese:literal;)*) => {
        /// Words in one language.
        #[derive(Debug)]
        pub struct Words {
            /// Which one.
            pub written_in: $crate::words::Language,
            $(#[doc = $english] pub $name: &'static str,)*
        }

        impl Words {
            /// In this language.
            #[must_use]
            pub const fn of(language: $crate::words::Language) -> &'static Self {
                match language {
                    $crate::words::Language::En => &Self { written_in: $crate::words::Language::En, $($name: $english),* },
                    $crate::words::Language::Zh => &Self { written_in: $crate::words::Language::Zh, $($name: $chinese),* },
                }
            }

            /// By its name, as codes of the API have it.
            #[must_use]
            pub fn named(&self, name: &str) -> Option<&'static str> {
                match name {
                    $(stringify!($name) => Some(self.$name),)*
                    _ => None,
                }
            }
        }
    };
}

words! {
    customer_service: "Customer service", "客户服务";
    skip: "Skip to content", "跳到正文";
    menu: "Pages", "页面";
    sign_out: "Sign out", "退出";
    sign_in: "Sign in", "登录";
    home: "Home", "首页";
    signed_out: "You are signed out", "您已退出登录";
    signed_out_meanwhile: "Nothing was sent. Sign in again in another tab, then go back: what you wrote is still there.", "未提交任何内容。请在另一个标签页中重新登录，然后返回：您填写的内容仍在。";
    signed_out_asking: "Sign in again to go on where you were.", "请重新登录以继续。";
    still_in: "You are still signed in", "您仍处于登录状态";
    stale_sign_out: "This form was opened before you signed in, so it did not sign you out. Here is one that does.", "此表单是在您登录之前打开的，因此未能退出。请使用下面的按钮退出。";
    you_are: "Signed in as", "当前登录身份";
    not_found: "There is no such page", "没有此页面";
    not_found_why: "It may have moved, or it is not yours to see.", "该页面可能已被移动，或您无权查看。";
    not_now: "Not now", "暂时不行";
    not_now_why: "Please try again in a moment. Nothing was lost, and nothing was done twice.", "请稍后重试。没有丢失任何内容，也没有重复处理。";
    our_fault: "Something went wrong on our side", "我们这边出了问题";
    our_fault_why: "This number helps us find it:", "此编号可帮助我们查找原因：";
    not_right: "Something is missing or wrong", "填写有误";
    refused: "That was not possible", "无法执行";
    rule: "Rule", "规则";
    stale_form: "This form was opened before you signed in. Please look it over and send it again.", "此表单是在您登录之前打开的。请检查后重新提交。";
    done: "Done", "已完成";
    comma: ", ", "，";
    between: ", ", "、";
    semicolon: "; ", "；";
    colon: ": ", "：";
    stop: ". ", "。";
    open: " (", "（";
    close: ")", "）";
    quarter: "Q{1} {0}", "{0}年第{1}季度";
    one_day: "1 day", "1 天";
    days: "{0} days", "{0} 天";
    zone_of: "{0} time", "{0} 时间";
    zone_los_angeles: "Los Angeles time", "洛杉矶时间";
    zone_berlin: "Berlin time", "柏林时间";
    zone_sao_paulo: "São Paulo time", "圣保罗时间";
    you_owe: "You owe {0}", "您应付 {0}";
    you_are_credited: "{0} is credited to you", "应退还给您 {0}";
    credited: "credited to you", "退还给您";
    nothing_is_owed: "Nothing is owed", "无需付款";
    keys_on: "Single-key shortcuts are on: turn them off", "单键快捷键已开启，点此关闭";
    keys_off: "Single-key shortcuts are off: turn them on", "单键快捷键已关闭，点此开启";
}

impl Words {
    /// A quarter, `2026Q4`, as people call it.
    #[must_use]
    pub fn of_quarter(&self, quarter: &impl Display) -> String {
        let code = quarter.to_string();
        match code.split_once('Q') {
            Some((year, number)) => fill(self.quarter, &[year, number]),
            None => code,
        }
    }

    /// So many days.
    #[must_use]
    pub fn in_days(&self, days: u64) -> String {
        if days == 1 { self.one_day.to_owned() } else { fill(self.days, &[&days.to_string()]) }
    }

    /// A text, and more about it in brackets.
    #[must_use]
    pub fn aside(&self, text: &str, more: &str) -> String {
        [text, self.open, more, self.close].concat()
    }
}
