"""The panorama: what the study of 2006 and the survey of 29 towns say of real actors, as data."""
