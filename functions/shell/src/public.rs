//! Which addresses are of the public Internet: where a name that others choose may lead us. A machine in a network can reach
//! more than its visitors should, first of all the credentials at 169.254.169.254; so a name is looked up here, each address
//! of it is asked for, and the connection goes to an address that was asked for and nowhere else. A name that says something
//! else a moment later is not looked up again.
//!
//! Of version 4 all is public but what IANA's registry of special purposes names; of version 6 what is global unicast, but for
//! what that registry takes out of it. An address that stands for another one (mapped) is judged as that.

use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns, ResolveDnsError};
use ipnet::{Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, ToSocketAddrs};

const fn v4(a: u8, b: u8, c: u8, d: u8, bits: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), bits)
}

const fn v6(a: u16, b: u16, c: u16, bits: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), bits)
}

/// Of version 4: not public.
const SPECIAL: [Ipv4Net; 15] = [
    // This network; private; shared by carriers; loopback; link-local, where the metadata of machines are.
    v4(0, 0, 0, 0, 8),
    v4(10, 0, 0, 0, 8),
    v4(100, 64, 0, 0, 10),
    v4(127, 0, 0, 0, 8),
    v4(169, 254, 0, 0, 16),
    v4(172, 16, 0, 0, 12),
    // Of protocols; for examples; once for relays; private; for measurements; for examples.
    v4(192, 0, 0, 0, 24),
    v4(192, 0, 2, 0, 24),
    v4(192, 88, 99, 0, 24),
    v4(192, 168, 0, 0, 16),
    v4(198, 18, 0, 0, 15),
    v4(198, 51, 100, 0, 24),
    v4(203, 0, 113, 0, 24),
    // To many; reserved, and to all.
    v4(224, 0, 0, 0, 4),
    v4(240, 0, 0, 0, 4),
];

/// Of version 6: global unicast.
const GLOBAL: Ipv6Net = v6(0x2000, 0, 0, 3);

/// And what of it is not public: of protocols and tunnels, for examples, addresses of version 4 in other clothes.
const TAKEN_OUT: [Ipv6Net; 4] =
    [v6(0x2001, 0, 0, 23), v6(0x2001, 0x0db8, 0, 32), v6(0x2002, 0, 0, 16), v6(0x3fff, 0, 0, 20)];

/// Whether an address is of the public Internet.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => !SPECIAL.iter().any(|net| net.contains(&address)),
        IpAddr::V6(address) => GLOBAL.contains(&address) && !TAKEN_OUT.iter().any(|net| net.contains(&address)),
    }
}

/// Where a request of ours may not go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the address is not of the public Internet")]
pub struct NotPublic;

/// Looks names up, and gives only addresses to which a request may go.
#[derive(Debug, Clone, Copy)]
pub struct Resolver {
    /// Whether any address will do: on a machine where the receiver is beside us.
    pub private_too: bool,
}

impl Resolver {
    /// All of these, or none: a name of which one address is not public is not to be trusted.
    fn asked(self, addresses: Vec<IpAddr>) -> Result<Vec<IpAddr>, ResolveDnsError> {
        let fit = self.private_too || addresses.iter().copied().all(is_public);
        if fit { Ok(addresses) } else { Err(ResolveDnsError::new(NotPublic)) }
    }
}

impl ResolveDns for Resolver {
    fn resolve_dns<'a>(&'a self, name: &'a str) -> DnsFuture<'a> {
        let (resolver, name) = (*self, name.to_owned());
        DnsFuture::new(async move {
            // The machine's resolver blocks.
            let found = tokio::task::spawn_blocking(move || (name.as_str(), 0).to_socket_addrs()).await;
            let found = found.map_err(ResolveDnsError::new)?.map_err(ResolveDnsError::new)?;
            resolver.asked(found.map(|address| address.ip()).collect())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn no_address_of_a_special_purpose_is_public_up_to_its_edges() {
        let special = [
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.0",
            "10.255.255.255",
            "100.64.0.0",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.0.0",
            "169.254.169.254",
            "169.254.170.2",
            "169.254.255.255",
            "172.16.0.0",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.0.170",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.0",
            "192.168.255.255",
            "198.18.0.0",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:10.1.2.3",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "2001:1ff:ffff::",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a9fe:a9fe::",
            "3fff::1",
            "4000::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fdff::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "ff0e::1",
        ];
        for address in special {
            assert!(!is_public(ip(address)), "{address}");
        }
    }

    #[test]
    fn an_address_right_beside_those_of_a_special_purpose_is_public() {
        let public = [
            "1.0.0.0",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "2000::1",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2003::1",
            "2606:4700::1111",
            "2a00::1",
            "3ffe:ffff::1",
        ];
        for address in public {
            assert!(is_public(ip(address)), "{address}");
        }
    }

    #[test]
    fn a_name_with_one_address_that_is_not_public_leads_nowhere() {
        let (public, mixed) = (vec![ip("8.8.8.8"), ip("2606:4700::1111")], vec![ip("8.8.8.8"), ip("10.0.0.1")]);
        let strict = Resolver { private_too: false };
        assert_eq!(strict.asked(public.clone()).unwrap(), public);
        let refused = strict.asked(mixed.clone()).unwrap_err();
        assert!(std::error::Error::source(&refused).unwrap().downcast_ref::<NotPublic>().is_some());
        assert_eq!(Resolver { private_too: true }.asked(mixed.clone()).unwrap(), mixed);
    }

    #[tokio::test]
    async fn a_name_of_this_machine_is_refused_however_it_is_written() {
        for name in ["localhost", "127.1", "2130706433", "0x7f000001"] {
            let found = Resolver { private_too: false }.resolve_dns(name).await;
            assert!(found.is_err(), "{name}: {found:?}");
        }
        assert!(!Resolver { private_too: true }.resolve_dns("localhost").await.unwrap().is_empty());
    }
}
