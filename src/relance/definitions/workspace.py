"""The workspace's records, which stand lower down: whoever is below `definitions` imports them from `relance.workspace`."""

from relance.workspace import (
    CHANNELS,
    DEFAULT_CONSENT,
    ConsentMode,
    DerivedEvent,
    FrequencyCap,
    QuietHours,
    Settings,
    TemplateDefinition,
    Workspace,
    build_settings,
    build_workspace,
    parse_local_time,
)

__all__ = [
    "CHANNELS",
    "DEFAULT_CONSENT",
    "ConsentMode",
    "DerivedEvent",
    "FrequencyCap",
    "QuietHours",
    "Settings",
    "TemplateDefinition",
    "Workspace",
    "build_settings",
    "build_workspace",
    "parse_local_time",
]
