# The service alone, without a database: set DATABASE_URL to a Postgres, 14 or later (compose.yaml brings one).
# Development packages stay out, and with them the npm package `node`: the image's own Node runs the TypeScript as it is.
# Optional packages stay out as well: they are the binaries of the embedded Postgres, of no use beside a real one.
FROM node:24-slim AS console

# The console's pages are built with development packages, of which the image itself has none. Their install scripts have nothing
# to do here.
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY scripts/build-console.mjs ./scripts/
COPY docs/guides ./docs/guides
COPY src/domain/console-role.ts ./src/domain/
COPY src/console ./src/console
COPY tsconfig.json ./
RUN node -e "import('./scripts/build-console.mjs').then(({ buildConsole }) => buildConsole())"

FROM node:24-slim

# As scripts/run.mjs has it, and so are the flags below: what keeps the service small.
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=2 \
    NODE_COMPILE_CACHE=/tmp/passerelle-compiled

WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund && npm cache clean --force

COPY LICENSE ./
COPY scripts/*.mjs ./scripts/
COPY config ./config
COPY src ./src
COPY --from=console /app/dist ./dist
# What `passerelle provision salesforce` deploys.
COPY salesforce ./salesforce

# Copies of customers' files are kept here.
RUN mkdir data && chown node:node data
VOLUME /app/data

USER node
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8080}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

CMD ["node", "--max-semi-space-size=8", "--heap-growing-percent=30", "--no-warnings", "src/main.ts", "start"]
