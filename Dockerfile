# Two images from one file: `api` and `worker`. TypeScript runs as it is, so nothing is compiled.
# Node's version is the one that package.json pins for development; a test holds the two together.
FROM node:24.21.0-trixie-slim AS base
ENV NODE_ENV=production
WORKDIR /app

# What both programs need to run. The optionalDependencies of package.json are copies of Node itself (190 MB), which
# this image has; `--omit=optional` would also drop the native parts of oxfmt, without which nothing is rendered.
# No install script runs.
FROM base AS deps
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm \
    npm pkg delete optionalDependencies \
    && npm ci --omit=dev --ignore-scripts --no-audit --no-fund

# What every generated project may depend on, and the compiler that checks it. The worker binds it read-only into the
# sandbox and installs nothing while jobs run. NODE_ENV=production would leave the compiler out.
FROM base AS kit
COPY package.json ./
COPY generator/stacks/install-kit-main.ts generator/stacks/install-kit.ts ./generator/stacks/
COPY generator/stacks/fastify/kit/package.json generator/stacks/fastify/kit/package-lock.json ./generator/stacks/fastify/kit/
RUN --mount=type=cache,target=/root/.npm \
    NODE_ENV=development node generator/stacks/install-kit-main.ts fastify

# The root file system may be read-only: programs write to /data, /slack and /tmp alone.
FROM base AS runtime
RUN install --directory --owner=node --group=node --mode=0700 /data /slack
ENV DATA_DIR=/data
COPY package.json ./
COPY --from=deps /app/node_modules ./node_modules
COPY contract ./contract
COPY lib ./lib

FROM runtime AS api
LABEL org.opencontainers.image.title="backend-generator api" \
      org.opencontainers.image.description="Takes prompts, queues jobs, streams their progress and serves the archives." \
      org.opencontainers.image.licenses="MIT"
COPY jobs ./jobs
COPY api ./api
COPY cli/keys-main.ts cli/keys.ts cli/args.ts ./cli/
ENV HOST=0.0.0.0 PORT=8080
EXPOSE 8080
USER node
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "api/main.ts"]

# Hears the chats. It reaches the API alone: no queue, no store, no model.
FROM runtime AS bots
LABEL org.opencontainers.image.title="backend-generator bots" \
      org.opencontainers.image.description="Turns what is typed and pressed in a chat into calls to the API." \
      org.opencontainers.image.licenses="MIT"
ENV API_URL=http://api:8080
COPY bots ./bots
USER node
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["node", "-e", "fetch(`${process.env.API_URL}/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "bots/main.ts"]

# bubblewrap isolates what the worker runs; prlimit, from util-linux, bounds it.
FROM runtime AS worker
LABEL org.opencontainers.image.title="backend-generator worker" \
      org.opencontainers.image.description="Designs, renders, verifies and packs backends, each in a sandbox." \
      org.opencontainers.image.licenses="MIT"
RUN apt-get update \
    && apt-get install --yes --no-install-recommends bubblewrap util-linux \
    && rm -rf /var/lib/apt/lists/*
COPY deploy/worker-health-main.ts ./deploy/
# The doctor reads the settings of every program; the notifier sends through the bots' adapters.
COPY jobs ./jobs
COPY generator ./generator
COPY bots ./bots
COPY api ./api
COPY worker ./worker
COPY cli/doctor-main.ts ./cli/
COPY cli/doctor ./cli/doctor
COPY --from=kit /app/generator/stacks/fastify/kit/node_modules ./generator/stacks/fastify/kit/node_modules
USER node
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
    CMD ["node", "deploy/worker-health-main.ts"]
CMD ["node", "worker/main.ts"]
