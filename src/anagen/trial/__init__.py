"""The trial room: arms over one population, with visits, rules, dropouts and endpoints. Language: `docs/trials.md`."""
