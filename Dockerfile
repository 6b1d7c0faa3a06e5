FROM node:20-slim AS build
WORKDIR /app
COPY . .
# `prepare` builds; the tools of development stay behind.
RUN npm ci && npm prune --omit=dev

FROM node:20-slim
ENV NODE_ENV=production FACTORWATCH_DATA_DIR=/data
WORKDIR /app
COPY --from=build --chown=root:root /app/package.json ./
COPY --from=build --chown=root:root /app/node_modules node_modules
COPY --from=build --chown=root:root /app/bin bin
COPY --from=build --chown=root:root /app/dist dist
COPY --from=build --chown=root:root /app/pipelines pipelines
COPY --from=build --chown=root:root /app/queries queries
COPY --from=build --chown=root:root /app/rules rules
COPY --from=build --chown=root:root /app/workbooks workbooks
COPY --from=build --chown=root:root /app/samples samples
# The cases of the rules: `factorwatch test` runs them.
COPY --from=build --chown=root:root /app/test/rules test/rules
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
ENTRYPOINT ["node", "/app/bin/factorwatch.js"]
CMD ["run", "--json"]
