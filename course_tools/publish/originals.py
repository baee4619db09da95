"""Compare what the registry says about the hub's originals with what the hub says."""

from course_models import hub, weights
from course_models.download import needed_files
from course_utils.checkpoints import CHECKPOINTS


def compare_originals() -> bool:
    """Print a line for each original: weights, size, and the commit that `main` stands at.

    Returns:
        Whether all sizes and revisions are those of the registry in checkpoints.py.

    Raises:
        HubError: the hub cannot be asked.
    """
    agree = True
    for entry in CHECKPOINTS.values():
        about = hub.describe(entry.hub_id)
        files = needed_files(about)
        main = next(name for name in weights.NAMES if name in files)
        megabytes = sum(files.values()) / 1e6
        remarks = []
        if abs(megabytes - entry.hub_megabytes) > 5:  # tokenizers are a few MB
            remarks.append(f"the registry says {entry.hub_megabytes} MB")
        if entry.revision and not about.sha.startswith(entry.revision):
            remarks.append(f"the registry says {entry.revision}")
        agree = agree and not remarks
        print(
            f"{entry.hub_id}: {main}, {megabytes:.0f} MB, main is {about.sha}",
            *remarks,
            sep="; ",
        )
    return agree
