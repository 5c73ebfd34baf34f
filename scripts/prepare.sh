# shellcheck shell=bash
# Sourced by scripts/demo and scripts/test: what both need before they can begin. bash, with set -euo pipefail.
# Every function says what is missing and how to get it, and ends the script when it cannot go on.

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$@"
  exit 1
}

# Ends the script unless node is there and new enough for the product (package.json, engines).
need_node() {
  local advice='Install Node.js 20.19 or later, with npm: Debian 13 has it (apt-get install nodejs npm); for Debian 12 see nodejs.org.'
  command -v node >/dev/null || die "node was not found. $advice"
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    die "node $(node --version) is too old. $advice"
  command -v npm >/dev/null || die "npm was not found beside node $(node --version). $advice"
}

has_program() { command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ]; }

# PROGRAM-OR-FILE PACKAGE: what makes the images that the probe is tested with (scripts/corpus.ts), and what judges them besides.
corpus_needs='
dtc device-tree-compiler
hformat hfsutils
mkbootimg mkbootimg
make-bcache bcache-tools
mkfs.ocfs2 ocfs2-tools
makefs makefs
syslinux syslinux
mcopy mtools
objcopy binutils
openssl openssl
grub-mkimage grub-common
/usr/lib/grub/i386-pc/boot.img grub-pc-bin
/usr/lib/ipxe/ipxe.lkrn ipxe
/boot/memtest86+x64.efi memtest86+
/usr/lib/systemd/boot/efi/linuxx64.efi.stub systemd-boot-efi
blkid util-linux
bzip2 bzip2
cpio cpio
cryptsetup cryptsetup-bin
dpkg-deb dpkg
file file
genisoimage genisoimage
genromfs genromfs
gzip gzip
compress ncompress
lzip lzip
lz4 lz4
lzop lzop
mke2fs e2fsprogs
mkfs.btrfs btrfs-progs
mkfs.cramfs util-linux-extra
mkfs.erofs erofs-utils
mkfs.exfat exfatprogs
mkfs.f2fs f2fs-tools
mkfs.fat dosfstools
mkfs.jfs jfsutils
mkfs.minix util-linux-extra
mkfs.nilfs2 nilfs-tools
mkfs.ntfs ntfs-3g
mkfs.xfs xfsprogs
mkimage u-boot-tools
mkreiserfs reiserfsprogs
mksquashfs squashfs-tools
mkswap util-linux
mkudffs udftools
qemu-img qemu-utils
sfdisk fdisk
sgdisk gdisk
tar tar
xorriso xorriso
xz xz-utils
zip zip
zstd zstd
/usr/lib/ISOLINUX/isohdpfx.bin isolinux
/usr/lib/syslinux/memdisk syslinux-common
'

# Names the Debian packages that the corpus needs and that are not here, each once.
packages_for_corpus() {
  local needed package
  while read -r needed package; do
    [ -n "$needed" ] || continue
    case $needed in
      /*) [ -e "$needed" ] ;;
      *) has_program "$needed" ;;
    esac || echo "$package"
  done <<<"$corpus_needs" | sort -u
}

# The corpus holds a kernel of Debian, downloaded and not installed: apt must know where it is.
refresh_package_lists() {
  apt-cache show linux-image-cloud-amd64 >/dev/null 2>&1 && return
  say 'fetching lists of Debian packages'
  { may_install_packages && apt-get -q update >/dev/null 2>&1 && apt-cache show linux-image-cloud-amd64 >/dev/null 2>&1; } ||
    die 'apt knows no linux-image-cloud-amd64, which the tests take a kernel from. As root: apt-get update' \
      'Or leave out what it is for: scripts/test --without corpus'
}

may_install_packages() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# Installs Debian packages without letting their install scripts start a service: policy-rc.d refuses while this runs.
# A service that runs already is left alone; one that is only enabled by the installation is disabled again.
install_packages() {
  local log policy=/usr/sbin/policy-rc.d made_policy=no service outcome=0
  log=$(mktemp)
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    made_policy=yes
  fi
  local fresh=()
  for service in mariadb postgresql; do
    [ -e "/lib/systemd/system/$service.service" ] || fresh+=("$service")
  done
  say "installing Debian packages: $*"
  {
    apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "$@"
  } >"$log" 2>&1 </dev/null || outcome=$?
  [ "$made_policy" = no ] || rm -f "$policy"
  if [ -d /run/systemd/system ]; then
    for service in ${fresh[@]+"${fresh[@]}"}; do
      [ ! -e "/lib/systemd/system/$service.service" ] || systemctl --quiet disable "$service" || true
    done
  fi
  if [ "$outcome" != 0 ]; then
    tail -n 30 "$log" >&2
    die "apt-get could not install: $*"
  fi
  rm -f "$log"
}

# True when node_modules holds what package-lock.json asks for and the one native module loads in this node.
modules_are_current() {
  [ -e node_modules/.package-lock.json ] && node -e '
    const { readFileSync } = require("node:fs");
    const read = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
    const wanted = read("package-lock.json");
    const found = read("node_modules/.package-lock.json");
    for (const [path, entry] of Object.entries(wanted)) {
      if (path === "" || (entry.optional && found[path] === undefined)) continue;
      if (found[path]?.version !== entry.version) process.exit(1);
    }
    new (require("better-sqlite3"))(":memory:").close();
  ' 2>/dev/null
}

# npm ci, quiet unless it fails. Where no ready-made better-sqlite3 can be downloaded, npm compiles it, which takes
# python3, make and g++: they are installed, or named.
install_modules() {
  modules_are_current && return
  local log tool missing=()
  log=$(mktemp)
  say 'installing node modules (npm ci)'
  run_npm_ci "$log" && return
  command -v python3 >/dev/null || missing+=(python3)
  command -v make >/dev/null || missing+=(make)
  command -v g++ >/dev/null || missing+=(g++)
  if [ ${#missing[@]} -gt 0 ] && grep -qE 'gyp|better-sqlite3|prebuild' "$log"; then
    may_install_packages || {
      tail -n 30 "$log" >&2
      die "npm ci failed: better-sqlite3 has to be compiled here. As root: apt-get install ${missing[*]}"
    }
    install_packages "${missing[@]}"
    for tool in "${missing[@]}"; do command -v "$tool" >/dev/null || die "$tool is still missing"; done
    run_npm_ci "$log" && return
  fi
  # npm says why at the top and how at the bottom.
  { head -n 15 "$log" && tail -n 15 "$log"; } >&2
  die "npm ci failed; the whole log is $log"
}

# Headers that came with node spare node-gyp a download.
run_npm_ci() {
  local log=$1 prefix
  prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
  (
    [ ! -e "$prefix/include/node/node_api.h" ] || export npm_config_nodedir="$prefix"
    npm ci --no-audit --no-fund --loglevel=error
  ) >"$log" 2>&1 </dev/null || return 1
  modules_are_current || {
    echo 'npm ci ended well, but better-sqlite3 does not load (was its install script blocked?)' >>"$log"
    return 1
  }
  rm -f "$log"
}

build_product() {
  local log
  log=$(mktemp)
  npm run --silent build >"$log" 2>&1 || {
    cat "$log" >&2
    die 'the product does not compile (npm run build)'
  }
  rm -f "$log"
}
