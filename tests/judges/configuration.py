"""Whether the program understands a configuration that is shipped, which it alone can tell."""

import tomllib

from program import FAILED


def understood(program, text, name="shipped"):
    """The configuration as a table, once the program has read it: it gets as far as asking the bot, which is not there."""
    file = program.folder / f"{name}.toml"
    file.write_text(text, encoding="utf-8")
    # Port 9 is discard's: nothing listens there.
    done = program.run("--config", file, "healthcheck", SSO_WHY_LISTEN="127.0.0.1:9")
    assert (done.returncode, done.stderr.split(" at ")[0]) == (FAILED, "sso-why: nothing answers"), done.stderr
    return tomllib.loads(text)
