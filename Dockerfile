# Two small images from one file: `shop` (backend and built frontend) and `idp` (PeakCommerce ID and Friendbook).
# docker-compose.yml builds and starts both; nothing but Docker is needed on the machine.

# Images are named by tag and digest: the tag says what it is, the digest what is taken. To move on to what a tag means
# today, ask `docker buildx imagetools inspect <tag>` for its digest; xtask's tests want both.
#
# Debian's release is the same in every stage: the shop's binary needs the C library that it was linked against.
FROM node:22-bookworm-slim@sha256:48e4b67d85f87bd551df43704e24d252f56cc5f8e9718841aace50f19948f0f9 AS node

FROM rust:1-slim-bookworm@sha256:b5395fa1e42e25148de9b2fd8c8c3a8a341ccb17554ade0ad6bd9a47031f5101 AS build
# xtask calls npm for wasm-opt, esbuild and the product pictures.
COPY --from=node /usr/local/ /usr/local/
RUN rustup target add wasm32-unknown-unknown
WORKDIR /src
COPY . .
# What was compiled lies in caches, so that a second build compiles what changed alone.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/root/.npm \
    --mount=type=cache,target=/src/target \
    cargo xtask dist \
    && mkdir /built \
    && cp -r target/dist/storezero target/site /built/

FROM debian:bookworm-slim@sha256:abd67ffcfa541b485a3dff59865ab629aa048a6c613e639d36e7456b0b229241 AS shop
# An empty volume takes over the owner of the folder that it is mounted on.
RUN install -d -o 10001 -g 10001 /data
COPY --from=build /built/ /srv/storezero/
WORKDIR /srv/storezero
USER 10001:10001
ENV STOREZERO_LISTEN=0.0.0.0:3000 \
    STOREZERO_SITE=/srv/storezero/site \
    STOREZERO_DATABASE_URL=sqlite:///data/storezero.sqlite?mode=rwc
EXPOSE 3000
ENTRYPOINT ["/srv/storezero/storezero"]

FROM node AS idp
WORKDIR /srv/idp
COPY e2e/package.json e2e/package-lock.json ./
# No install scripts: the one among them fetches a Node 22 of its own, which this image has.
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --ignore-scripts
COPY e2e/idp idp
RUN install -d -o node -g node /data
USER node
ENV IDP_HOST=0.0.0.0 \
    IDP_CONTAINER=1 \
    IDP_DATA=/data
EXPOSE 4000 4100
# Not by npm, which as the container's first process would not hand on the signal to stop.
CMD ["node", "--disable-warning=ExperimentalWarning", "idp/main.ts"]
