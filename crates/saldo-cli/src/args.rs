//! The command line: verbs and their options.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// What somebody who has just installed the program should type.
const FIRST: &str = "\
First steps:
  saldo new island                   a folder with a small model that runs
  saldo run island                   charts here, everything in results/
  saldo compare island               what its scenarios change
  saldo show matrix island           who paid whom
  saldo explain ID                   what a message means";

/// What `-s` means where scenarios are compared.
const COMPARED: &str = "\
Alone: the scenario to compare with the baseline, or with what its own text says to compare with. \
Beside -w, or first of several: the base of the comparison";

/// Models of economies whose books always balance.
#[derive(Parser)]
#[command(
    name = "saldo",
    version,
    about,
    max_term_width = 100,
    arg_required_else_help = true,
    after_help = FIRST
)]
pub struct Cli {
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Subcommand)]
pub enum Verb {
    /// Make a model from a template: a folder that runs
    New(NewArgs),
    /// Look at books, units, order and evidence; nothing is run
    Check(CheckArgs),
    /// Run a model and write its results
    Run(RunArgs),
    /// Run two or more scenarios and show how they differ
    Compare(CompareArgs),
    /// Show a part of a model: matrix, start, order, loop, equations, units, chart
    Show(ShowArgs),
    /// Explain a message by its id
    Explain(ExplainArgs),
    /// Bring a model's text into the customary layout
    Fmt(FmtArgs),
    /// Run a model and judge its own checks
    Test(TestArgs),
    /// Write results in another form
    Export(ExportArgs),
    /// Write the one-file page of a model
    Report(ReportArgs),
    /// Say what this machine and installation offer
    Doctor(DoctorArgs),
    /// Print completions for a shell
    Completions {
        /// bash, elvish, fish, powershell or zsh
        shell: clap_complete::Shell,
    },
}

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Frames with reasons and help
    #[default]
    Full,
    /// One line a message
    Short,
    /// Annotations of a hosting service
    Github,
}

/// Which model, and what one run changes in it.
#[derive(Args, Clone, Default)]
pub struct ModelArgs {
    /// A .saldo file, or a folder with model.saldo; the current folder if absent
    #[arg(default_value = crate::session::HERE, hide_default_value = true)]
    pub model: PathBuf,
    /// A scenario: its declared name, or a file. `saldo run` takes several: they are run beside
    /// the baseline
    #[arg(short, long)]
    pub scenario: Vec<String>,
    /// Set a parameter, in the language's own words: theta=25%
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// Follow one of the rival explanations
    #[arg(long, value_name = "CHOICE=NAME")]
    pub choose: Vec<String>,
    /// Last period to run
    #[arg(long, value_name = "PERIOD")]
    pub to: Option<String>,
    /// Files outside the model's folder that may be read
    #[arg(long, value_name = "PATH")]
    pub allow: Vec<PathBuf>,
    /// Results and messages as JSON
    #[arg(long)]
    pub json: bool,
    /// How messages are written
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

impl ModelArgs {
    /// The scenario of a single run, as captions name it.
    pub fn scenario_name(&self) -> &str {
        self.scenario.first().map_or("baseline", String::as_str)
    }
}

#[derive(Args)]
pub struct CheckArgs {
    #[command(flatten)]
    pub model: ModelArgs,
}

/// How many runs, and what is random in them.
#[derive(Args, Clone, Default)]
pub struct DrawArgs {
    /// Number of draws over priors and random terms
    #[arg(long, value_name = "N")]
    pub draws: Option<u64>,
    /// Which random numbers; the same seed gives the same draws
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Sweep the rival explanations that neither --choose nor the scenario settles
    #[arg(long, value_enum, value_name = "HOW")]
    pub choices: Option<Sweep>,
    /// Threads for draws (0: as many as the machine has); results do not depend on it
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub threads: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sweep {
    /// Every combination of rivals
    All,
    /// Each rival that a run does not take, alone
    Each,
}

#[derive(Args)]
pub struct RunArgs {
    #[command(flatten)]
    pub model: ModelArgs,
    #[command(flatten)]
    pub draws: DrawArgs,
    /// Where results go: a .csv file (wide table), a .parquet file (long table), or a folder
    #[arg(long, value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Check every period with the slow evaluator
    #[arg(long)]
    pub oracle: bool,
    /// Run again whenever a file of the model changes
    #[arg(long)]
    pub watch: bool,
    /// Repeat the run of a result folder and compare bytes (MODEL is the folder)
    #[arg(long)]
    pub again: bool,
}

#[derive(Args)]
pub struct TestArgs {
    #[command(flatten)]
    pub model: ModelArgs,
    #[command(flatten)]
    pub draws: DrawArgs,
    /// Check every period with the slow evaluator
    #[arg(long)]
    pub oracle: bool,
}

#[derive(Args)]
#[command(mut_arg("scenario", |arg| arg.help(COMPARED)))]
pub struct CompareArgs {
    #[command(flatten)]
    pub model: ModelArgs,
    #[command(flatten)]
    pub draws: DrawArgs,
    /// A scenario to set beside the base; several:  -w A -w B. The base is the model without a
    /// scenario, or the one that -s names
    #[arg(short = 'w', long = "with", value_name = "SCENARIO")]
    pub with: Vec<String>,
    /// Quantities to compare (all headline ones otherwise)
    #[arg(long = "of", value_name = "NAME")]
    pub of: Vec<String>,
    /// In what terms a scenario is compared with the base
    #[arg(long, value_enum, default_value_t)]
    pub by: By,
    /// A period to print; several:  --at 1992 --at 1998 (about eight, evenly spaced, if absent)
    #[arg(long = "at", value_name = "PERIOD")]
    pub at: Vec<String>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// The scenario's own value
    Level,
    /// Scenario less base, in the quantity's unit
    #[default]
    Deviation,
    /// Deviation in percent of the base
    Percent,
    /// Deviation of a share in percentage points
    Points,
}

#[derive(Args, Clone)]
#[command(override_usage = "saldo show <WHAT> [NAME] <MODEL> [OPTIONS]")]
pub struct ShowArgs {
    /// Which part
    #[arg(value_enum)]
    pub what: What,
    #[command(flatten)]
    pub model: ModelArgs,
    /// With a NAME, the model comes last:  saldo show loop output models/pc
    #[arg(value_name = "LAST", hide = true)]
    pub last: Option<PathBuf>,
    /// The line a loop goes through, the chart's quantity, what names to list have in common
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The period of a matrix (the last one otherwise)
    #[arg(long, value_name = "PERIOD")]
    pub at: Option<String>,
    /// Matrices and equations as LaTeX
    #[arg(long, group = "form")]
    pub latex: bool,
    /// Matrices as Markdown
    #[arg(long, group = "form")]
    pub markdown: bool,
    /// Matrices as CSV
    #[arg(long, group = "form")]
    pub csv: bool,
    /// A column for each member of a family
    #[arg(long)]
    pub split: bool,
    /// Matrices under another valuation that the model declares with `also NAME at`
    #[arg(long, value_name = "VALUATION")]
    pub under: Option<String>,
    /// A current and a capital column for each sector
    #[arg(long)]
    pub current_capital: bool,
    /// A chart as SVG
    #[arg(long, group = "form")]
    pub svg: bool,
    /// A chart as PNG
    #[arg(long, group = "form")]
    pub png: bool,
    /// Where a chart goes; standard output if absent
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// Balance sheet, flows and revaluations of a period
    Matrix,
    /// Which line is computed after which
    Order,
    /// A circle through a line
    Loop,
    /// The unit of every line and parameter
    Units,
    /// Every equation and flow, as it is computed
    Equations,
    /// Opening positions and what they rest on
    Start,
    /// A chart of one quantity in the terminal, or as SVG or PNG
    Chart,
    /// What can be set from outside: scenarios, choices, parameters
    Settings,
}

#[derive(Args)]
pub struct ExplainArgs {
    /// An id such as stock-plus-flow; without one, all ids
    pub id: Option<String>,
    /// The page as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct FmtArgs {
    /// Files or folders; `-` reads standard input and writes standard output
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// Change nothing; name the files that would change and exit with 1
    #[arg(long)]
    pub check: bool,
    /// The answer as JSON
    #[arg(long)]
    pub json: bool,
    /// How messages are written
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

#[derive(Args)]
pub struct NewArgs {
    /// Name of the model and its folder
    pub name: String,
    /// A model of the gallery to begin from
    #[arg(long, default_value = "sim", value_name = "MODEL")]
    pub template: String,
    /// The answer as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct ExportArgs {
    #[command(flatten)]
    pub model: ModelArgs,
    #[command(flatten)]
    pub draws: DrawArgs,
    /// csv, long-csv, parquet, json, markdown or latex
    #[arg(long = "as", value_name = "FORM", default_value = "csv")]
    pub form: String,
    /// The period of matrices, for markdown and latex (the last one otherwise)
    #[arg(long, value_name = "PERIOD")]
    pub at: Option<String>,
    /// Where to; standard output if absent
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Args)]
#[command(
    mut_arg("model", |arg| arg.help("A model, or a result folder of `saldo run`; the current folder if absent")),
    mut_arg("scenario", |arg| arg.help("Scenarios beside the baseline; the first three declared if none is named").short_alias('w').alias("with")),
    mut_arg("choose", |arg| arg.help("Settle a choice; the rivals of the others are run and shown as a band")),
)]
pub struct ReportArgs {
    #[command(flatten)]
    pub model: ModelArgs,
    /// Draws of every run, shown as bands
    #[arg(long, value_name = "N")]
    pub draws: Option<u64>,
    /// Which random numbers; the same seed gives the same draws
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// Where the page goes; MODEL.html if absent
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Show it in the browser
    #[arg(long)]
    pub open: bool,
}

impl ReportArgs {
    /// What its runs have in common.
    pub fn baseline(&self) -> ModelArgs {
        ModelArgs {
            scenario: Vec::new(),
            ..self.model.clone()
        }
    }

    pub fn draw_args(&self) -> DrawArgs {
        DrawArgs {
            draws: self.draws,
            seed: Some(self.seed),
            ..DrawArgs::default()
        }
    }
}

#[derive(Args)]
pub struct DoctorArgs {
    /// The facts as JSON
    #[arg(long)]
    pub json: bool,
}
