/**
 * Control groups as the one who runs this sees them, below the one he is in: version 2, or each controller of version 1.
 * A shell's words, for a mount namespace of its own.
 */
export const mountGroups = `
groups=$(cut -d: -f2 /proc/self/cgroup)
if [ -z "$groups" ]; then mount -t cgroup2 cgroup2 /sys/fs/cgroup; else
  mount -t tmpfs -o mode=755 tmpfs /sys/fs/cgroup
  for group in $groups; do
    folder=/sys/fs/cgroup/\${group#name=}; mkdir -p $folder
    case $group in name=*) group=none,$group;; esac
    mount -t cgroup -o $group cgroup $folder
  done
fi
`;

/** Removes those whose path has $GROUP: the kernel does not. */
export const removeGroups = 'find /sys/fs/cgroup -depth -type d -path "*/$GROUP*" -exec rmdir {} \\;';

/** A name for control groups of a test's own. */
export const groupName = (): string => `netlink-${process.pid}-${Math.random().toString(36).slice(2)}`;
