FROM node:22-bookworm-slim AS client
WORKDIR /src
COPY client/package.json client/package-lock.json client/.npmrc client/
RUN cd client && npm ci --ignore-scripts
COPY client client
COPY protocol protocol
RUN cd client && npm run build

FROM golang:1.26-bookworm AS server
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY scripts/go-notice.sh scripts/
COPY client/embed.go client/
COPY protocol protocol
COPY store store
COPY server server
COPY --from=client /src/client/dist client/dist
RUN sh scripts/go-notice.sh >> client/dist/NOTICE.txt
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o bin/jana ./server
# A volume takes over the owner of the folder that it hides.
RUN mkdir data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=server /src/bin/jana /jana
COPY --from=server --chown=65532:65532 /src/data /data
USER 65532:65532
ENV JANA_LISTEN=:8080 JANA_DATA=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["/jana", "health"]
ENTRYPOINT ["/jana"]
