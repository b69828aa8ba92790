use std::fs;
use std::path::{Path, PathBuf};

use super::Usage;

/// The names of the files of one version of control groups.
struct Version {
    /// Under the folder where groups are mounted.
    mount: &'static str,
    limit: &'static str,
    used: &'static str,
    /// In `memory.stat`: what the kernel keeps of files and gives back at once.
    cache: &'static str,
}

const TWO: Version =
    Version { mount: "", limit: "memory.max", used: "memory.current", cache: "inactive_file" };
const ONE: Version = Version {
    mount: "memory",
    limit: "memory.limit_in_bytes",
    used: "memory.usage_in_bytes",
    cache: "total_inactive_file",
};

/// The memory of the group nearest to its limit: this process's own, or one around it. None where there is no limit below
/// `machine` bytes.
///
/// `own` is `/proc/self/cgroup`, and `root` the folder where groups are mounted. In a container its own group may be all
/// that is mounted, whatever path it has outside.
pub(super) fn usage(own: &str, root: &Path, machine: u64) -> Option<Usage> {
    let groups = own.lines().filter_map(|line| group(line, root)).flat_map(|(version, base, path)| {
        let folders: Vec<_> = path.ancestors().map(|folder| base.join(folder)).collect();
        folders.into_iter().filter_map(move |folder| read(&folder, version))
    });
    groups.filter(|usage| usage.of < machine).max_by_key(|usage| usage.percent())
}

/// Of a line such as `0::/app` or `5:cpu,memory:/app`: the version, where its groups are mounted, and the path in there.
fn group(line: &str, root: &Path) -> Option<(&'static Version, PathBuf, PathBuf)> {
    let mut fields = line.splitn(3, ':').skip(1);
    let (controllers, path) = (fields.next()?, fields.next()?);
    let version = match controllers {
        "" => &TWO,
        named if named.split(',').any(|name| name == "memory") => &ONE,
        _ => return None,
    };
    Some((version, root.join(version.mount), path.trim_start_matches('/').into()))
}

fn read(folder: &Path, version: &Version) -> Option<Usage> {
    // Without a limit it says `max`, or a number beyond all memory.
    let number = |name: &str| fs::read_to_string(folder.join(name)).ok()?.trim().parse::<u64>().ok();
    let (of, used) = (number(version.limit)?, number(version.used)?);
    let stat = fs::read_to_string(folder.join("memory.stat")).unwrap_or_default();
    let cache = stat.lines().find_map(|line| line.strip_prefix(version.cache)?.trim().parse().ok());
    Some(Usage { used: used.saturating_sub(cache.unwrap_or(0)), of })
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    const MACHINE: u64 = 10_000;

    fn mounted(files: &[(&str, &str)]) -> TempDir {
        let root = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let file = root.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        root
    }

    fn found(own: &str, files: &[(&str, &str)]) -> Option<(u64, u64)> {
        usage(own, mounted(files).path(), MACHINE).map(|usage| (usage.used, usage.of))
    }

    #[test]
    fn of_version_2_the_cache_of_files_counts_as_free() {
        let files = [
            ("app/memory.max", "1000\n"),
            ("app/memory.current", "700\n"),
            ("app/memory.stat", "anon 500\ninactive_file 150\nactive_file 50\n"),
        ];
        assert_eq!(found("0::/app\n", &files), Some((550, 1_000)));
    }

    #[test]
    fn of_version_1_the_group_is_that_of_the_memory_controller() {
        let files = [
            ("memory/app/memory.limit_in_bytes", "1000\n"),
            ("memory/app/memory.usage_in_bytes", "700\n"),
            ("memory/app/memory.stat", "inactive_file 1\ntotal_inactive_file 150\n"),
        ];
        assert_eq!(found("7:cpuset:/other\n5:cpu,memory:/app\n", &files), Some((550, 1_000)));
    }

    #[test]
    fn the_nearest_to_its_limit_counts_be_it_a_group_around() {
        let files = [
            ("pod/memory.max", "1000"),
            ("pod/memory.current", "900"),
            ("pod/app/memory.max", "800"),
            ("pod/app/memory.current", "100"),
        ];
        assert_eq!(found("0::/pod/app\n", &files), Some((900, 1_000)));
    }

    #[test]
    fn in_a_container_the_group_may_be_all_that_is_mounted() {
        let files = [("memory.max", "1000"), ("memory.current", "10")];
        assert_eq!(found("0::/\n", &files), Some((10, 1_000)));
        assert_eq!(found("0::/kubepods/pod1/app\n", &files), Some((10, 1_000)));
    }

    #[test]
    fn no_limit_is_none() {
        let unlimited = [("memory.max", "max"), ("memory.current", "10")];
        assert_eq!(found("0::/\n", &unlimited), None);
        let beyond =
            [("memory/memory.limit_in_bytes", "9223372036854771712"), ("memory/memory.usage_in_bytes", "10")];
        assert_eq!(found("5:memory:/\n", &beyond), None);
        assert_eq!(found("", &[]), None);
    }
}
