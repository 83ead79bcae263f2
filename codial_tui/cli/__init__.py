"""The program without a screen (cli.md): web shops, scripts and schedulers call the same services
as the screens. One module a subject, each with a `register(subparsers)`."""
