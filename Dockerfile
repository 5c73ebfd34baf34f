# glance-retype in a container: Debian's own Node.js, the program in one file, and better-sqlite3 for SQLite files.
#   docker build -t glance-retype .
#   docker run --rm glance-retype --help
# docs/installation.md shows how to run it beside Kolla-Ansible and in RHOSO.
ARG DEBIAN=debian:trixie-slim

FROM ${DEBIAN} AS build
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates g++ libnode-dev make nodejs npm python3
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# Where no ready-made better-sqlite3 can be downloaded it is compiled, with Debian's own headers.
RUN npm_config_nodedir=/usr npm ci --no-audit --no-fund
COPY . .
RUN npm run bundle
# Of better-sqlite3 only what runs: a tenth of the package.
RUN cp -r --parents --target-directory=dist-bundle \
    node_modules/better-sqlite3/package.json node_modules/better-sqlite3/LICENSE node_modules/better-sqlite3/lib \
    node_modules/better-sqlite3/build/Release/better_sqlite3.node node_modules/bindings node_modules/file-uri-to-path

FROM ${DEBIAN}
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates nodejs \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --gid 0 --home-dir /work --create-home retype \
 && chmod g=u /work
COPY --from=build /build/dist-bundle /opt/glance-retype
RUN ln -s /opt/glance-retype/glance-retype.cjs /usr/local/bin/glance-retype
# OpenShift runs it under another number, in group 0.
USER 10001
# Reports and answers are written here: mount a directory that the user may write to.
WORKDIR /work
ENTRYPOINT ["glance-retype"]
CMD ["--help"]
