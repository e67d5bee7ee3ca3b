"""What SARIF 2.1.0 requires of the parts that the report uses, as a JSON Schema: required properties, closed lists, kinds."""

from __future__ import annotations

from typing import Final

_MESSAGE: Final = {
    "type": "object",
    "properties": {"text": {"type": "string", "minLength": 1}, "markdown": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}
_LEVEL: Final = {"enum": ["none", "note", "warning", "error"]}
_PLACE: Final = {"type": "integer", "minimum": 1}
_ARTIFACT: Final = {
    "type": "object",
    "properties": {"uri": {"type": "string", "format": "uri-reference", "pattern": "^[!-~]+$"}},
    "required": ["uri"],
    "additionalProperties": False,
}
_REGION: Final = {
    "type": "object",
    "properties": {
        "startLine": _PLACE,
        "startColumn": _PLACE,
        "endLine": _PLACE,
        "endColumn": _PLACE,
        "snippet": {"type": "object", "properties": {"text": {"type": "string"}}, "additionalProperties": False},
    },
    "required": ["startLine"],
    "additionalProperties": False,
}
_LOCATIONS: Final = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "physicalLocation": {
                "type": "object",
                "properties": {"artifactLocation": _ARTIFACT, "region": _REGION},
                "required": ["artifactLocation"],
                "additionalProperties": False,
            }
        },
        "additionalProperties": False,
    },
}
_RULE: Final = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "shortDescription": _MESSAGE,
        "fullDescription": _MESSAGE,
        "help": _MESSAGE,
        "defaultConfiguration": {"type": "object", "properties": {"level": _LEVEL}, "additionalProperties": False},
        "properties": {
            "type": "object",
            "properties": {"tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": True}},
        },
    },
    "required": ["id", "shortDescription", "help"],
    "additionalProperties": False,
}
_SUPPRESSION: Final = {
    "type": "object",
    "properties": {
        "kind": {"enum": ["inSource", "external"]},
        "status": {"enum": ["accepted", "underReview", "rejected"]},
        "justification": {"type": "string"},
    },
    "required": ["kind"],
    "additionalProperties": False,
}
_RESULT: Final = {
    "type": "object",
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": _LEVEL,
        "message": _MESSAGE,
        "locations": _LOCATIONS,
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
        "suppressions": {"type": "array", "items": _SUPPRESSION},
        "baselineState": {"enum": ["new", "unchanged", "updated", "absent"]},
        "properties": {"type": "object"},
    },
    "required": ["message", "ruleId", "suppressions"],
    "additionalProperties": False,
}
SARIF: Final = {
    "type": "object",
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "tool": {
                        "type": "object",
                        "properties": {
                            "driver": {
                                "type": "object",
                                "properties": {
                                    "name": {"type": "string"},
                                    "version": {"type": "string"},
                                    "semanticVersion": {"type": "string"},
                                    "rules": {"type": "array", "items": _RULE, "uniqueItems": True},
                                },
                                "required": ["name"],
                                "additionalProperties": False,
                            }
                        },
                        "required": ["driver"],
                        "additionalProperties": False,
                    },
                    "invocations": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {
                                "executionSuccessful": {"type": "boolean"},
                                "toolExecutionNotifications": {
                                    "type": "array",
                                    "items": {
                                        "type": "object",
                                        "properties": {"level": _LEVEL, "message": _MESSAGE, "locations": _LOCATIONS},
                                        "required": ["message"],
                                        "additionalProperties": False,
                                    },
                                },
                            },
                            "required": ["executionSuccessful"],
                            "additionalProperties": False,
                        },
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "artifacts": {
                        "type": "array",
                        "items": {"type": "object", "properties": {"location": _ARTIFACT}, "additionalProperties": False},
                        "uniqueItems": True,
                    },
                    "results": {"type": "array", "items": _RESULT},
                },
                "required": ["tool"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["version", "runs"],
    "additionalProperties": False,
}
