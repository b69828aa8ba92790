//! A report as text, JSON, SARIF, annotations, code quality and `JUnit`.
