# What one does all day. Install with `cargo install just --locked`; each recipe is one or two ordinary commands.
# The whole workspace is always named, so that every recipe shares one build.

# A PostgreSQL server for `test-pg` and `ci`; tests make databases of their own in it.
pg := env("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")

# List the recipes.
_default:
    @just --list --unsorted

# Does it compile, tests included?
check:
    cargo check --workspace --all-targets

# Every test on SQLite (on PostgreSQL too where TEST_DATABASE_URL is set); words after it choose tests by name.
test *names:
    cargo test --workspace -- {{ names }}

# Every test on SQLite and on PostgreSQL.
test-pg *names:
    TEST_DATABASE_URL={{ quote(pg) }} cargo test --workspace -- {{ names }}

# How long a refused sign-in takes for known, unknown, locked and deactivated accounts: they must not differ.
bench-sign-in:
    cargo test --workspace --test it -- --ignored --nocapture --test-threads 1 sign_in_takes_as_long

# Operations that nobody wrote, for so many minutes on each database. A failure tells its seed: give it back to see it again.
fuzz minutes="10" seed="":
    FUZZ_MINUTES={{ minutes }} {{ if seed == "" { "" } else { "FUZZ_SEED=" + seed } }} cargo test --workspace --test it -- --nocapture fuzz::for

# How long the server takes to refuse each document of tests/corpus, in a release build.
bench-hostile:
    BENCH_HOSTILE=1 cargo test --workspace --release --test it -- --nocapture --test-threads 1 corpus::bench

# Put the code in its usual form.
fmt:
    cargo fmt --all

# What the compiler lets pass and we do not.
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings

# Write schema.graphql anew; look at the difference.
schema:
    mkdir -p target
    cargo run --quiet -- schema > target/schema.graphql
    mv target/schema.graphql schema.graphql
    git --no-pager diff --stat -- schema.graphql

# The sample company on http://127.0.0.1:8000.
demo *flags:
    cargo run -- demo {{ flags }}

# The same, built and started again at each save. Needs watchexec: `cargo install watchexec-cli --locked`.
dev *flags:
    watchexec --restart --watch api --watch entity --watch migration --watch Cargo.toml -- cargo run -- demo {{ flags }}

# How fast it is beside how fast it could be, on PostgreSQL with 5,000 projects: `reads`, `writes`, or part of a case's name.
bench *which:
    cargo bench --workspace --bench speed -- {{ which }}

# Look into the demo's database (sqlite3), or into the one that DATABASE_URL names (psql).
db:
    #!/usr/bin/env bash
    set -euo pipefail
    case "${DATABASE_URL:-}" in
        postgres*) exec psql "$DATABASE_URL" ;;
        "") exec sqlite3 -readonly data/demo.db ;;
        *) file="${DATABASE_URL#sqlite:}"; file="${file#//}"; exec sqlite3 -readonly "${file%%\?*}" ;;
    esac

# Licences, bans, sources and advisories of the dependencies.
policy:
    .ci/policy

# What must hold before a change is merged.
ci:
    .ci/run
