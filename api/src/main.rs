//! The program `ridgeline`. What it does is in the library, where tests reach it too.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    ridgeline::commands::run(std::env::args_os()).await
}
