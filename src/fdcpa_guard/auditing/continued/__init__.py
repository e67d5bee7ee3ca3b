"""An audit that goes on from day to day: new files are judged with what earlier runs kept."""
