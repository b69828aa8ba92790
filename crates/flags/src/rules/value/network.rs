use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};

/// A network such as `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `2001:db8::/32`, or a single address.
pub(crate) fn network(text: &str) -> Option<IpNet> {
    let Some((address, mask)) = text.split_once('/') else {
        return text.parse::<IpAddr>().ok().map(IpNet::from);
    };
    match mask.parse::<Ipv4Addr>() {
        Ok(mask) => Ipv4Net::with_netmask(address.parse().ok()?, mask).ok().map(IpNet::from),
        Err(_) => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_read_in_all_their_forms() {
        let held = |text, address: &str| network(text).unwrap().contains(&address.parse::<IpAddr>().unwrap());
        assert!(held("10.1.2.3/8", "10.200.0.1"), "bits of the host are no error");
        assert!(held("10.0.0.0/255.0.0.0", "10.200.0.1"));
        assert!(held("127.0.0.1", "127.0.0.1") && !held("127.0.0.1", "127.0.0.2"));
        assert!(held("2001:db8::/32", "2001:db8:1::2") && !held("2001:db8::/32", "2001:db9::"));
        assert!(!held("0.0.0.0/0", "::1"));
    }

    #[test]
    fn what_is_no_network_is_none() {
        for text in
            ["", "/", "127.invalid", "10.0.0.0/33", "10.0.0.0/255.0.255.0", "10.0.0.0/ffff::", " 10.0.0.1"]
        {
            assert_eq!(network(text), None, "{text}");
        }
    }
}
